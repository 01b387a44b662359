package repscorer.decisions;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import repscorer.core.disk.AtomicFile;
import repscorer.core.disk.Disk;
import repscorer.decisions.LogFile.Kind;

/**
 * A directory of decisions, outcomes and plans, taken by this process alone for writing. Whoever reads needs none of this. Safe for
 * concurrent use.
 */
public final class LogDirectory implements AutoCloseable {

    private static final Duration SLACK = Duration.ofMinutes(1);

    private final Path path;
    private final Disk disk;
    private final LogLimits limits;
    private final InstantSource time;
    private final PlanFiles plans;
    private final Closeable lock;
    private final Set<Path> written = ConcurrentHashMap.newKeySet();
    private long begun;

    private LogDirectory(Path path, Disk disk, LogLimits limits, InstantSource time, Closeable lock) {
        this.path = path;
        this.disk = disk;
        this.limits = limits;
        this.time = time;
        this.lock = lock;
        this.plans = new PlanFiles(path.resolve("plans"), disk);
    }

    /**
     * Takes a directory, which is made where it is missing.
     *
     * @throws repscorer.core.failure.ScorerException.Conflict where another process has it
     */
    public static LogDirectory open(Path path, LogLimits limits, Disk disk, InstantSource time) throws IOException {
        disk.createDirectories(path.resolve("plans"));
        return new LogDirectory(path, disk, limits, time, disk.lock(path));
    }

    public static LogDirectory open(Path path, LogLimits limits) throws IOException {
        return open(path, limits, Disk.LOCAL, InstantSource.system());
    }

    public Path path() {
        return path;
    }

    public PlanFiles plans() {
        return plans;
    }

    Disk disk() {
        return disk;
    }

    LogLimits limits() {
        return limits;
    }

    InstantSource time() {
        return time;
    }

    /** Begins another file, of a name that there is not. */
    synchronized LogFile begin(Kind kind) {
        LogFile file = LogFile.of(path, kind, Instant.ofEpochMilli(time.millis()), ++begun);
        while (disk.exists(file.path())) {
            file = LogFile.of(path, kind, file.begun(), ++begun);
        }
        written.add(file.path());
        return file;
    }

    void ended(LogFile file) {
        written.remove(file.path());
    }

    /** Deletes the oldest files until all fit, those that are being written excepted, and plans that no file has used since. */
    synchronized void prune() throws IOException {
        List<LogFile> files = LogFile.list(path);
        long bytes = plans.size();
        for (LogFile file : files) {
            bytes += file.size();
        }
        Instant oldest = files.isEmpty() ? time.instant() : files.getFirst().begun();
        boolean deleted = false;
        for (LogFile file : files) {
            if (bytes <= limits.totalBytesMax()) {
                break;
            }
            if (!written.contains(file.path())) {
                bytes -= file.size();
                disk.delete(file.path());
                deleted = true;
            }
        }
        if (deleted) {
            List<LogFile> left = LogFile.list(path);
            oldest = left.isEmpty() ? oldest : left.getFirst().begun();
            // The first lines of a file may name a plan that the file before it took note of.
            plans.prune(oldest.minus(limits.fileAgeMax()).minus(SLACK));
        }
    }

    /** Whether a file is being written now. */
    boolean isWritten(LogFile file) {
        return written.contains(file.path());
    }

    /** Puts other content in place of a file's, whole or not at all; nothing where it was deleted meanwhile. */
    synchronized void replace(LogFile file, AtomicFile.Content content) throws IOException {
        if (disk.exists(file.path())) {
            AtomicFile.write(disk, file.path(), content);
        }
    }

    /** All bytes of it on the disk. */
    public long size() throws IOException {
        long bytes = plans.size();
        if (Files.isDirectory(path)) {
            for (LogFile file : LogFile.list(path)) {
                bytes += file.size();
            }
        }
        return bytes;
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }
}
