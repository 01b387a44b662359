package repscorer.core.signal;

import static java.lang.System.Logger.Level.WARNING;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Consumer;
import repscorer.core.disk.AtomicFile;
import repscorer.core.disk.Disk;
import repscorer.core.failure.Finding;
import repscorer.core.log.LogPlace;
import repscorer.core.log.LogReplay;
import repscorer.core.log.RecordLog;

/**
 * Signals on the device, in the order they were pushed: a log that is written anew where most of it is needed no longer. For one
 * thread at a time.
 */
public final class SignalLog {

    /*
     * signals/G/signals.N.log: segments of the generation G. A new generation is written beside the one at hand, whole and
     * synced, under a temporary name; its renaming makes it the one that counts, for the highest does. Nothing is appended to
     * it, and nothing of the old one deleted, before that name is durable.
     */

    private static final System.Logger LOG = System.getLogger(SignalLog.class.getName());
    private static final String NAME = "signals";

    private final Disk disk;
    private final Path directory;
    private final Path earlier;
    private long generation; // 0 before the first
    private RecordLog<SignalPush> log;
    private long sequence; // of the last signal, counted in the generation
    private boolean named = true; // whether the generation's name is durable

    /** Tells each of some signals. */
    interface Signals {
        void forEach(Reader reader) throws IOException;
    }

    /** Told a signal. */
    interface Reader {
        void take(SignalPush push) throws IOException;
    }

    private SignalLog(Disk disk, Path directory, Path earlier, long generation, LogReplay.Result<SignalPush> replayed) {
        this.disk = disk;
        this.directory = directory;
        this.earlier = earlier;
        this.generation = generation;
        this.log = new RecordLog<>(disk, place(directory, generation), SignalFormat.INSTANCE, replayed);
        this.sequence = replayed.sequence();
    }

    /**
     * Where the segments in force are; empty where there never was a signal.
     *
     * @param directory of all generations
     */
    public static Optional<LogPlace> place(Disk disk, Path directory) throws IOException {
        TreeMap<Long, Path> generations = generations(disk, directory);
        return generations.isEmpty() ? Optional.empty() : Optional.of(place(directory, generations.lastKey()));
    }

    private static LogPlace place(Path directory, long generation) {
        return place(directory, directory.resolve(Long.toString(generation)), generation);
    }

    private static LogPlace place(Path directory, Path segments, long generation) {
        return new LogPlace(Objects.requireNonNull(directory.getParent()), segments, Long.toString(generation), NAME);
    }

    private static TreeMap<Long, Path> generations(Disk disk, Path directory) throws IOException {
        TreeMap<Long, Path> generations = new TreeMap<>();
        if (disk.isDirectory(directory)) {
            for (Path path : disk.list(directory)) {
                number(path).ifPresent(number -> generations.put(number, path));
            }
        }
        return generations;
    }

    private static OptionalLong number(Path path) {
        String name = String.valueOf(path.getFileName());
        return name.matches("\\d{1,18}") ? OptionalLong.of(Long.parseLong(name)) : OptionalLong.empty();
    }

    /**
     * Reads signals from a place.
     *
     * @return what is wrong with the files
     */
    public static List<Finding> read(Disk disk, LogPlace place, Consumer<SignalPush> reader) throws IOException {
        return LogReplay.read(disk, place, SignalFormat.INSTANCE, 0, (sequence, each) -> reader.accept(each))
                .findings();
    }

    /**
     * Opens the log of a directory that is made where it is missing, and tells what is in it.
     *
     * @param earlier the file of an earlier form, whose signals come first where there is no log yet
     * @param findings told what is wrong with files
     */
    static SignalLog open(
            Disk disk, Path directory, Path earlier, Consumer<SignalPush> reader, Consumer<Finding> findings)
            throws IOException {
        disk.createDirectories(directory);
        disk.syncDirectory(Objects.requireNonNull(directory.getParent()));
        disk.syncDirectory(directory); // the name of the last generation, before older ones go
        TreeMap<Long, Path> generations = generations(disk, directory);
        for (Path path : disk.list(directory)) {
            if (generations.isEmpty() || !path.equals(generations.lastEntry().getValue())) {
                disk.deleteTree(path);
            }
        }
        long generation = generations.isEmpty() ? 0 : generations.lastKey();
        LogReplay.Result<SignalPush> replayed = LogReplay.Result.nothing();
        if (generation == 0) {
            SignalLines.read(disk, earlier, reader::accept, findings);
        } else {
            replayed = LogReplay.read(
                    disk,
                    place(directory, generation),
                    SignalFormat.INSTANCE,
                    0,
                    (sequence, each) -> reader.accept(each));
            replayed.findings().forEach(findings);
        }
        SignalLog log = new SignalLog(disk, directory, earlier, generation, replayed);
        try {
            log.begin();
            log.log.prove(log.sequence);
        } catch (IOException e) {
            // A full disk is no reason not to start; the next push tries again.
            findings.accept(new Finding(
                    Finding.Kind.UNPROVEN, NAME, "the log of signals could not be continued: " + e.getMessage()));
        }
        return log;
    }

    /** Makes the first generation where there is none, of what was kept in an earlier form. */
    private void begin() throws IOException {
        if (generation == 0) {
            rewrite(reader -> SignalLines.read(disk, earlier, reader, finding -> {}));
        }
        ensureNamed();
        SignalLines.setAside(disk, earlier);
    }

    /** How many signals are in the log, needed or not. */
    long count() {
        return sequence;
    }

    /** Puts signals on the device, all or none. */
    void append(List<SignalPush> pushes) throws IOException {
        begin();
        log.append(sequence + 1, pushes);
        sequence += pushes.size();
    }

    /** Writes a new generation that holds these signals and no others; where that fails, the old one goes on. */
    void rewrite(Signals needed) throws IOException {
        ensureNamed();
        long next = generation + 1;
        Path place = directory.resolve(Long.toString(next));
        Path temporary = directory.resolve(next + AtomicFile.TEMPORARY_SUFFIX);
        RecordLog<SignalPush> fresh = new RecordLog<>(
                disk, place(directory, temporary, next), SignalFormat.INSTANCE, LogReplay.Result.nothing());
        long written;
        try {
            disk.deleteTree(temporary);
            disk.createDirectories(temporary);
            Chunks chunks = new Chunks(fresh);
            needed.forEach(chunks);
            written = chunks.finish();
            disk.move(temporary, place);
        } catch (IOException e) {
            fresh.roll();
            discard(temporary);
            throw e;
        }
        Path old = directory.resolve(Long.toString(generation));
        log.roll();
        generation = next;
        log = fresh.movedTo(place(directory, next));
        sequence = written;
        named = false;
        ensureNamed();
        discard(old);
    }

    /** Removes every other generation, and the file of the earlier form, for good. */
    void leaveAlone() throws IOException {
        ensureNamed();
        for (Path path : disk.list(directory)) {
            if (!path.equals(directory.resolve(Long.toString(generation)))) {
                disk.deleteTree(path);
            }
        }
        disk.syncDirectory(directory);
        SignalLines.forget(disk, earlier);
    }

    private void ensureNamed() throws IOException {
        if (!named) {
            disk.syncDirectory(directory);
            named = true;
        }
    }

    private void discard(Path path) {
        try {
            disk.deleteTree(path);
        } catch (IOException e) {
            LOG.log(WARNING, "{0} is removed at the next start: {1}", path, e.getMessage());
        }
    }

    void close() {
        log.roll();
    }

    /** Writes signals in groups, so that few are in memory at once. */
    private static final class Chunks implements Reader {

        private static final int CHUNK = 10_000;

        private final RecordLog<SignalPush> log;
        private final List<SignalPush> waiting = new ArrayList<>();
        private long written;

        Chunks(RecordLog<SignalPush> log) {
            this.log = log;
        }

        @Override
        public void take(SignalPush push) throws IOException {
            waiting.add(push);
            if (waiting.size() == CHUNK) {
                finish();
            }
        }

        long finish() throws IOException {
            if (!waiting.isEmpty()) {
                log.append(written + 1, waiting);
                written += waiting.size();
                waiting.clear();
            }
            return written;
        }
    }
}
