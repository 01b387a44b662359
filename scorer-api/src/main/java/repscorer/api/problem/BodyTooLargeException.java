package repscorer.api.problem;

import java.io.IOException;
import org.springframework.http.HttpStatus;

/** A body turned out to be longer than allowed while it was read. */
final class BodyTooLargeException extends IOException {

    private static final long serialVersionUID = 1L;

    private final long bytesMax;

    BodyTooLargeException(long bytesMax) {
        super("the body is longer than %s bytes".formatted(bytesMax));
        this.bytesMax = bytesMax;
    }

    RefusedException refusal() {
        return new RefusedException(
                HttpStatus.CONTENT_TOO_LARGE,
                "body-too-large",
                "a JSON body has at most %s bytes (limits.request-body-max)".formatted(bytesMax));
    }
}
