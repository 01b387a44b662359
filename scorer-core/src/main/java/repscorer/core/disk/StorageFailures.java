package repscorer.core.disk;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
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
                : new Storage(Reason.FAILED, uncertain, "%s: %s".formatted(what, words(cause)), cause);
    }

    /** For callers, who learn no classes of ours: what went wrong, with the name of the file where that says it. */
    private static String words(IOException cause) {
        if (!(cause instanceof FileSystemException failed)) {
            return cause.getMessage() == null ? "the disk failed" : cause.getMessage();
        }
        String reason = switch (failed) {
            case NoSuchFileException gone -> "a file is not there";
            case AccessDeniedException denied -> "access is denied";
            case FileAlreadyExistsException there -> "a file is there already";
            default -> failed.getReason() == null ? "the disk failed" : failed.getReason();
        };
        return failed.getFile() == null
                ? reason
                : "%s (%s)".formatted(reason, Path.of(failed.getFile()).getFileName());
    }
}
