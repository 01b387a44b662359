package repscorer.core.disk;

import java.io.IOException;
import java.util.Arrays;

/** A write for which there is no room. */
public final class DiskFullException extends IOException {

    private static final long serialVersionUID = 1L;

    public DiskFullException(String message) {
        super(message);
    }

    DiskFullException(IOException cause) {
        super(cause.getMessage(), cause);
    }

    /** Whether this is what a failure comes from, or came with it. */
    public static boolean isBehind(Throwable failure) {
        Throwable cause = failure.getCause();
        return failure instanceof DiskFullException
                || (cause != null && isBehind(cause))
                || Arrays.stream(failure.getSuppressed()).anyMatch(DiskFullException::isBehind);
    }
}
