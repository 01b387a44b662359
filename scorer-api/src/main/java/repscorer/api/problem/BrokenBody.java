package repscorer.api.problem;

import java.io.IOException;
import java.net.SocketTimeoutException;
import repscorer.core.failure.ScorerException.Invalid;

/** A body that ends before it is whole: the caller's, and never taken for a fault of ours or of the disk. */
public final class BrokenBody {

    private BrokenBody() {}

    /** What to throw where a body cannot be read on. */
    public static Invalid of(IOException e) {
        return new Invalid("body-broken-off", "body", "the body could not be read to its end: " + why(e));
    }

    private static String why(IOException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof SocketTimeoutException) {
                return "nothing came of it for too long";
            }
            if (cause instanceof MalformedBodyException) {
                return String.valueOf(cause.getMessage());
            }
        }
        return "the connection ended, or it is not written as RFC 9112 has it";
    }
}
