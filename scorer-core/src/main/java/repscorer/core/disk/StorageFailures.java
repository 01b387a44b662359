package repscorer.core.disk;

import java.io.IOException;
import java.nio.file.Path;
import repscorer.core.failure.ScorerException.Storage;
import repscorer.core.failure.ScorerException.Storage.Reason;

/** Says of a failed write what a caller can act on: whether the disk is full, and whether anything was changed. */
public final class StorageFailures {

    private StorageFailures() {}

    /**
     * @param directory what is asked for room that is left
     * @param what failed, in words
     */
    public static Storage of(Disk disk, Path directory, String what, IOException cause) {
        boolean full = DiskFullException.isBehind(cause);
        try {
            full |= disk.usableBytes(directory) == 0;
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
        boolean uncertain = cause instanceof UncertainWriteException;
        return full
                ? new Storage(
                        Reason.FULL,
                        uncertain,
                        "%s: the disk is full (%s)".formatted(what, String.valueOf(cause.getMessage())),
                        cause)
                : new Storage(Reason.FAILED, uncertain, "%s: %s".formatted(what, cause), cause);
    }
}
