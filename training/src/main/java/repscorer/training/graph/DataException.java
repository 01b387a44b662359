package repscorer.training.graph;

/** Training data cannot be used: a file is missing, broken, or has too many bad rows. The message is one line. */
public final class DataException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public DataException(String message) {
        super(message);
    }

    public DataException(String message, Throwable cause) {
        super(message, cause);
    }
}
