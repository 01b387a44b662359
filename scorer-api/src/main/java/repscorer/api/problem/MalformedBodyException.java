package repscorer.api.problem;

import java.io.IOException;

/** A body is not written the way its headers say. */
final class MalformedBodyException extends IOException {

    private static final long serialVersionUID = 1L;

    MalformedBodyException(String message, IOException cause) {
        super(message, cause);
    }
}
