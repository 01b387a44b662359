package repscorer.benchmarks.reliability;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import repscorer.benchmarks.reliability.Workload.ReleaseFiles;
import repscorer.core.disk.Disk;
import repscorer.core.embedding.Space;
import repscorer.core.failure.ScorerException;
import repscorer.core.signal.SignalPush;
import repscorer.core.signal.SignalStore;
import repscorer.core.store.Change;
import repscorer.core.store.PublicationListener;
import repscorer.core.store.RepresentationStore;
import repscorer.core.store.StoreArchive;
import repscorer.core.store.StoreOptions;

/**
 * The process that is killed: writers with ids of their own, one of signals, a publisher, backups and compactions, until the
 * end. Says before each step what it is about to do, and after it that it was acknowledged, a line each in one write.
 */
public final class CrashChild {

    static final int WRITERS = 3;

    /** What signals go by among releases. */
    static final String SIGNALS = "signals";

    /** Compacts often, so that kills meet compactions. */
    private static final StoreOptions OPTIONS = Workload.options(60);

    private static final FileOutputStream OUT = new FileOutputStream(FileDescriptor.out);

    private final RepresentationStore store;
    private final SignalStore signals;
    private final Path directory;
    private final List<ReleaseFiles> files;
    private final int run;
    private final AtomicLong next;

    private CrashChild(
            RepresentationStore store, SignalStore signals, Path directory, List<ReleaseFiles> files, int run) {
        this.store = store;
        this.signals = signals;
        this.directory = directory;
        this.files = files;
        this.run = run;
        this.next = new AtomicLong(1_000 + run * 50_000L);
    }

    /** @param args the store's directory, a scratch directory, the number of this run */
    public static void main(String[] args) throws IOException, InterruptedException {
        Quiet.store();
        int run = Integer.parseInt(args[2]);
        List<ReleaseFiles> files = FaultRun.releases(Files.createDirectories(Path.of(args[1])));
        Path directory = Path.of(args[0]);
        RepresentationStore store = RepresentationStore.open(directory, Workload.SPACES, OPTIONS);
        SignalStore signals = Workload.signals(directory, Disk.LOCAL);
        say("ready");
        CrashChild child = new CrashChild(store, signals, directory, files, run);
        if (store.current().isEmpty()) {
            child.publish("r%s-first".formatted(run), 0);
        }
        List<Thread> threads = new ArrayList<>();
        for (int writer = 0; writer < WRITERS; writer++) {
            int number = writer;
            threads.add(Thread.ofPlatform().start(() -> child.write(number)));
        }
        threads.add(Thread.ofPlatform().start(child::publish));
        threads.add(Thread.ofPlatform().start(child::push));
        threads.add(Thread.ofPlatform().start(child::backUp));
        for (Thread thread : threads) {
            thread.join();
        }
    }

    /** One write of one line: a kill leaves it out or whole. */
    private static synchronized void say(String line) {
        try {
            OUT.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            Runtime.getRuntime().halt(3); // nobody listens any more
        }
    }

    private void write(int writer) {
        SplittableRandom random = new SplittableRandom(31L * run + writer);
        while (true) {
            String release = store.current().release();
            Space space = Workload.space(random, Workload.SPACES);
            List<Change> changes = new ArrayList<>();
            StringBuilder told = new StringBuilder("begin %s %s".formatted(writer, release));
            int count = 1 + random.nextInt(4);
            for (int i = 0; i < count; i++) {
                var id = Workload.id(WRITERS * random.nextInt(Workload.IDS / WRITERS) + writer);
                long value = random.nextInt(4) == 0 ? 0 : next.getAndIncrement();
                changes.add(
                        value == 0
                                ? new Change.Delete(id, OptionalLong.empty())
                                : new Change.Upsert(id, Workload.embedding(space, id, value), OptionalLong.empty()));
                told.append(' ').append(Workload.row(space, id)).append('=').append(value);
            }
            say(told.toString());
            try {
                store.apply(release, space.name(), "", changes);
                say("ok " + writer);
            } catch (ScorerException.Conflict e) {
                say("refused " + writer);
            }
        }
    }

    private void push() {
        SplittableRandom random = new SplittableRandom(53L * run);
        while (true) {
            long value = random.nextInt(4) == 0 ? 0 : next.getAndIncrement();
            SignalPush push = Workload.push(random, value);
            say("begin %s %s %s=%s".formatted(SIGNALS, SIGNALS, Workload.row(push), value));
            signals.push(List.of(push));
            say("ok " + SIGNALS);
        }
    }

    private void backUp() {
        SplittableRandom random = new SplittableRandom(71L * run);
        for (int number = 0; pause(100, 400, random); number++) {
            say("backup " + number);
            try {
                StoreArchive.backup(directory, directory.resolveSibling("backup-" + number));
                say("backed " + number);
            } catch (IOException | ScorerException e) {
                say("backup %s failed: %s".formatted(number, e));
            }
        }
    }

    private static boolean pause(int min, int more, SplittableRandom random) {
        try {
            Thread.sleep(min + random.nextInt(more));
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }

    private void publish() {
        SplittableRandom random = new SplittableRandom(97L * run);
        for (int number = 0; pause(20, 150, random); number++) {
            if (random.nextInt(3) == 0) {
                String target = store.releases()
                        .get(random.nextInt(store.releases().size()))
                        .name();
                say("rollback " + target);
                try {
                    store.rollBack(target);
                    say("live " + target);
                } catch (ScorerException.NotFound e) {
                    say("kept " + target);
                }
            } else {
                publish("r%s-%s".formatted(run, number), random.nextInt(files.size()));
            }
        }
    }

    private void publish(String release, int number) {
        say("publish %s %s".formatted(release, number));
        ReleaseFiles each = files.get(number);
        each.files().forEach((space, bytes) -> store.stage(release, space, new java.io.ByteArrayInputStream(bytes)));
        store.publish(release, PublicationListener.NONE);
        say("live " + release);
    }
}
