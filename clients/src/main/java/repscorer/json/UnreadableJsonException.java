package repscorer.json;

/** Bytes that are not the JSON that was expected; the message names the rule and the place. */
public final class UnreadableJsonException extends Exception {

    private static final long serialVersionUID = 1L;

    UnreadableJsonException(String message) {
        super(message);
    }

    UnreadableJsonException(String message, Throwable cause) {
        super(message, cause);
    }
}
