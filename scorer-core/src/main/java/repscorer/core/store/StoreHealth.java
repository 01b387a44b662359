package repscorer.core.store;

import static java.lang.System.Logger.Level.WARNING;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import repscorer.core.disk.Disk;
import repscorer.core.disk.StorageFailures;
import repscorer.core.failure.Finding;
import repscorer.core.failure.ScorerException.Storage;

/** What was met that is wrong with a store's files, and whether its disk takes writes. Safe for concurrent use. */
final class StoreHealth {

    private static final System.Logger LOG = System.getLogger(StoreHealth.class.getName());

    private final Disk disk;
    private final Layout layout;
    private final List<Finding> findings = new CopyOnWriteArrayList<>();
    private final Map<String, String> uncompacted = new ConcurrentSkipListMap<>(); // by space: why
    private volatile Optional<String> readOnly = Optional.empty();

    StoreHealth(Disk disk, Layout layout) {
        this.disk = disk;
        this.layout = layout;
    }

    void found(Finding finding) {
        LOG.log(WARNING, "{0}", finding);
        findings.add(finding);
    }

    void found(Finding.Kind kind, Path file, String message) {
        found(new Finding(kind, layout.root().relativize(file).toString(), message));
    }

    List<Finding> findings() {
        return List.copyOf(findings);
    }

    /** Why the last change was refused by the disk; empty where it was taken. */
    Optional<String> readOnly() {
        return readOnly;
    }

    /** By space, why its changes could not be compacted when that was tried last; without those where it went well. */
    Map<String, String> uncompacted() {
        return Map.copyOf(uncompacted);
    }

    void compacted(String space) {
        uncompacted.remove(space);
    }

    void notCompacted(String space, RuntimeException cause) {
        uncompacted.put(space, cause.getMessage() == null ? cause.toString() : cause.getMessage());
    }

    /** A change or a publication was taken. */
    void taken() {
        readOnly = Optional.empty();
    }

    /** The disk took no change; answers what to throw. */
    Storage refused(String what, IOException cause) {
        Storage failure = failure(what, cause);
        readOnly = Optional.of(String.valueOf(failure.getMessage()));
        return failure;
    }

    /** What to throw for a failure of the disk. */
    Storage failure(String what, IOException cause) {
        return StorageFailures.of(disk, layout.root(), what, cause);
    }

    /** Lets go of the directory. */
    void release(Closeable lock) {
        try {
            lock.close();
        } catch (IOException e) {
            LOG.log(WARNING, "the lock on {0} is held until the process ends: {1}", layout.root(), e.getMessage());
        }
    }

    /** Removes what nothing refers to; says so where that fails. */
    void discard(Path path) {
        try {
            disk.deleteTree(path);
        } catch (IOException e) {
            LOG.log(WARNING, "{0} could not be removed: {1}", path, e.getMessage());
        }
    }
}
