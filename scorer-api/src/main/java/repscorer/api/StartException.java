package repscorer.api;

/** The service cannot start; the message is all that a person needs to read. */
public final class StartException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    StartException(String message, Throwable cause) {
        super(message, cause);
    }
}
