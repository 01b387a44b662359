package repscorer.benchmarks.reliability;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import repscorer.benchmarks.reliability.Workload.ReleaseFiles;
import repscorer.core.disk.Disk;
import repscorer.core.embedding.Space;
import repscorer.core.failure.Finding;
import repscorer.core.failure.ScorerException;
import repscorer.core.signal.SignalPush;
import repscorer.core.signal.SignalStore;
import repscorer.core.store.Change;
import repscorer.core.store.Outcome;
import repscorer.core.store.PublicationListener;
import repscorer.core.store.Release;
import repscorer.core.store.RepresentationStore;
import repscorer.core.store.StoreArchive;
import repscorer.core.store.StoreOptions;

/**
 * One seed's run of the store and its signals on a simulated disk: a mixed load with faults and power cuts, held to an oracle
 * after every step and every restart. The same seed gives the same run.
 */
public final class FaultRun {

    private static final Path STORE = Path.of("/store");
    private static final StoreOptions OPTIONS = Workload.options(1_000_000);
    private static final String SIGNALS = "signals";
    private static final int BOOTS = 4;

    /** Building graphs is most of a run's work: the other runs go further in the same time. */
    private static final int GRAPHS_EVERY = 2;

    private final SplittableRandom random;
    private final SimulatedDisk disk;
    private final Oracle oracle = new Oracle(Workload.KEPT);
    private final Oracle signalOracle = new Oracle(0);
    private final List<ReleaseFiles> files;
    private final List<Space> spaces;
    private final List<String> differences = new ArrayList<>();
    private long next = 1_000; // values of releases are lower
    private int published;
    private int backups;
    private int acknowledged;
    private int failed;
    private int cuts;

    /** What a run came to. @param differences empty where all guarantees held */
    public record Result(List<String> differences, int acknowledged, int failed, int cuts) {}

    private FaultRun(long seed, List<ReleaseFiles> files) {
        this.random = new SplittableRandom(seed);
        this.disk = new SimulatedDisk(random.nextLong());
        this.files = files;
        this.spaces = random.nextInt(GRAPHS_EVERY) == 0 ? Workload.SPACES : Workload.SPACES_SCANNED;
        signalOracle.begin(SIGNALS, Map.of());
        signalOracle.live(SIGNALS);
    }

    /** What a start opens. */
    private record Started(RepresentationStore store, SignalStore signals) implements AutoCloseable {

        @Override
        public void close() {
            signals.close();
            store.close();
        }
    }

    /** The releases that all runs publish; made once. */
    public static List<ReleaseFiles> releases(Path scratch) throws IOException {
        List<ReleaseFiles> files = new ArrayList<>();
        for (int value = 1; value <= 12; value++) {
            files.add(Workload.release(scratch, value));
        }
        return files;
    }

    /** Runs one seed. */
    public static Result run(long seed, List<ReleaseFiles> files) {
        FaultRun run = new FaultRun(seed, files);
        try {
            run.run();
        } catch (RuntimeException e) {
            run.differences.add("the store broke: " + e);
        }
        return new Result(
                run.differences.stream()
                        .map(each -> "seed %s: %s".formatted(seed, each))
                        .toList(),
                run.acknowledged,
                run.failed,
                run.cuts);
    }

    private void run() {
        for (int boot = 0; boot < BOOTS && differences.isEmpty(); boot++) {
            Started started = open();
            if (started == null) {
                return;
            }
            load(started);
            started.close();
            disk.faults(0);
            if (disk.isDown() || random.nextInt(4) > 0) {
                disk.powerCutAfter(0);
                disk.reboot();
                cuts++;
            }
        }
        Started last = open();
        if (last != null) {
            last.close();
        }
    }

    /** Starts, sometimes on a disk that fails or a machine that goes down while starting, in the end on a sound one. */
    private @Nullable Started open() {
        for (int attempt = 0; attempt < 3; attempt++) {
            if (attempt < 2 && random.nextInt(3) == 0) {
                disk.faults(0.05);
                disk.powerCutAfter(1 + random.nextInt(60));
            }
            try {
                Started started = start(STORE, disk);
                if (!disk.isDown()) {
                    disk.faults(0);
                    disk.powerCutAfter(Long.MAX_VALUE);
                    check(started);
                    return started;
                }
                started.close();
            } catch (ScorerException e) {
                if (!(e instanceof ScorerException.Storage)) {
                    differences.add("a start failed: " + e.getMessage());
                    return null;
                }
            }
            disk.faults(0);
            if (disk.isDown()) {
                disk.reboot();
                cuts++;
            }
            disk.powerCutAfter(Long.MAX_VALUE);
        }
        differences.add("no start succeeded on a sound disk");
        return null;
    }

    private Started start(Path directory, Disk on) {
        RepresentationStore store = RepresentationStore.open(directory, spaces, OPTIONS, on);
        try {
            return new Started(store, Workload.signals(directory, on));
        } catch (ScorerException e) {
            store.close();
            throw e;
        }
    }

    private void check(Started started) {
        RepresentationStore store = started.store();
        differences.addAll(
                oracle.restarted(store.current().release(), Workload.releases(store), unproven(store.findings())));
        List<Finding> findings = started.signals().findings();
        differences.addAll(
                signalOracle.restarted(SIGNALS, Map.of(SIGNALS, Workload.rows(started.signals())), unproven(findings)));
        Stream.concat(store.findings().stream(), findings.stream())
                .filter(finding -> finding.kind() == Finding.Kind.DAMAGED || finding.kind() == Finding.Kind.REBUILT)
                .forEach(finding -> differences.add("a start found damage: " + finding));
    }

    private static boolean unproven(List<Finding> findings) {
        return findings.stream().anyMatch(finding -> finding.kind() == Finding.Kind.UNPROVEN);
    }

    private void load(Started started) {
        RepresentationStore store = started.store();
        if (random.nextInt(3) > 0) {
            disk.powerCutAfter(1 + random.nextInt(400));
        }
        double faults = random.nextInt(3) == 0 ? 0 : random.nextDouble(0.1);
        int steps = 5 + random.nextInt(40);
        for (int step = 0; step < steps && !disk.isDown() && differences.isEmpty(); step++) {
            disk.faults(faults);
            disk.full(random.nextInt(12) == 0);
            switch (random.nextInt(13)) {
                case 0 -> publish(store);
                case 1 -> rollBack(store);
                case 2 -> compact(store);
                case 3, 4 -> push(started.signals());
                case 5 -> backup();
                default -> change(store);
            }
            disk.full(false);
            disk.faults(0);
            if (disk.isDown()) {
                return;
            }
            if (!oracle.live().isEmpty()) {
                if (!store.current().release().equals(oracle.live())) {
                    differences.add("release %s is live instead of %s"
                            .formatted(store.current().release(), oracle.live()));
                }
                differences.addAll(oracle.compare(oracle.live(), Workload.rows(store.current())));
                Set<String> names = new TreeSet<>();
                store.releases().forEach(each -> names.add(each.name()));
                differences.addAll(oracle.gone(names));
            }
            differences.addAll(signalOracle.compare(SIGNALS, Workload.rows(started.signals())));
        }
    }

    /** Some pushes, each of several signals: all of them or none. */
    private void push(SignalStore signals) {
        int count = 1 + random.nextInt(8);
        for (int i = 0; i < count && !disk.isDown(); i++) {
            List<SignalPush> pushes = new ArrayList<>();
            Map<String, Long> values = new TreeMap<>();
            int size = 1 + random.nextInt(4);
            for (int each = 0; each < size; each++) {
                long value = random.nextInt(4) == 0 ? 0 : next++;
                SignalPush push = Workload.push(random, value);
                pushes.add(push);
                values.put(Workload.row(push), value);
            }
            try {
                signals.push(pushes);
                values.forEach((row, value) -> signalOracle.acknowledged(SIGNALS, row, value));
                acknowledged++;
            } catch (ScorerException e) {
                failed++;
                values.forEach((row, value) -> signalOracle.doubted(SIGNALS, row, value));
            }
        }
    }

    /** All spaces, or some: the others are carried over from the live release. */
    private void publish(RepresentationStore store) {
        if (published == files.size()) {
            return;
        }
        List<Space> staged = new ArrayList<>(spaces);
        if (!oracle.live().isEmpty() && random.nextInt(3) == 0) {
            staged.remove(random.nextInt(staged.size()));
        }
        ReleaseFiles release = files.get(published).of(staged);
        String name = "r" + published++;
        Map<String, Long> rows = new TreeMap<>(release.rows());
        oracle.rows(oracle.live()).forEach((row, value) -> {
            if (staged.stream().noneMatch(space -> row.startsWith(space.name() + "/"))) {
                rows.put(row, value);
            }
        });
        oracle.begin(name, rows);
        try {
            Workload.publish(store, name, release);
            oracle.live(name);
            acknowledged++;
        } catch (ScorerException e) {
            failed++;
            if (!disk.isDown() && !(e instanceof ScorerException.Storage storage && storage.uncertain())) {
                oracle.refused(name);
            }
        }
    }

    /** A backup that has its name holds everything, whatever the power does from then on. */
    private void backup() {
        Path target = Path.of("/backup-" + backups++);
        SimulatedDisk left;
        try {
            StoreArchive.copy(STORE, target, disk);
            acknowledged++;
            left = disk.durable();
        } catch (IOException | ScorerException e) {
            failed++;
            if (disk.isDown() || !disk.exists(target)) {
                return;
            }
            left = disk.copy();
        }
        try (Started copy = start(target, left)) {
            differences.addAll(oracle.copied(Workload.releases(copy.store())));
            differences.addAll(signalOracle.copied(Map.of(SIGNALS, Workload.rows(copy.signals()))));
        }
    }

    private void rollBack(RepresentationStore store) {
        // One that failed is listed too; it is refused whatever became of it on the disk.
        List<String> kept = store.releases().stream()
                .filter(each -> each.state() != Release.State.REJECTED)
                .map(Release::name)
                .toList();
        if (kept.isEmpty()) {
            return;
        }
        String target = kept.get(random.nextInt(kept.size()));
        oracle.mayBeLive(target);
        try {
            store.rollBack(target);
            oracle.live(target);
            acknowledged++;
        } catch (ScorerException e) {
            failed++;
            if (!disk.isDown() && !(e instanceof ScorerException.Storage storage && storage.uncertain())) {
                oracle.notLive(target);
            }
        }
    }

    private void compact(RepresentationStore store) {
        if (oracle.live().isEmpty()) {
            return;
        }
        try {
            store.compact(Workload.space(random, spaces).name(), PublicationListener.NONE);
            acknowledged++;
        } catch (ScorerException e) {
            failed++;
        }
    }

    private void change(RepresentationStore store) {
        String release = store.current().release();
        if (release.isEmpty()) {
            return;
        }
        Space space = Workload.space(random, spaces);
        List<Change> changes = new ArrayList<>();
        Map<String, Long> values = new TreeMap<>();
        int count = 1 + random.nextInt(5);
        for (int i = 0; i < count; i++) {
            var id = Workload.id(random.nextInt(Workload.IDS));
            boolean delete = random.nextInt(4) == 0;
            long value = delete ? 0 : next++;
            changes.add(
                    delete
                            ? new Change.Delete(id, OptionalLong.empty())
                            : new Change.Upsert(id, Workload.embedding(space, id, value), OptionalLong.empty()));
            values.put(Workload.row(space, id), value);
        }
        try {
            for (Outcome outcome : store.apply(release, space.name(), "", changes)) {
                if (!(outcome instanceof Outcome.Accepted)) {
                    differences.add("a good change was answered " + outcome);
                }
            }
            values.forEach((row, value) -> oracle.acknowledged(release, row, value));
            acknowledged++;
        } catch (ScorerException e) {
            failed++;
            values.forEach((row, value) -> oracle.doubted(release, row, value));
        }
    }
}
