package repscorer.api.lines;

/** A rule that a line breaks. */
public final class BadLine extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String code;

    public BadLine(String code, String message) {
        super(message);
        this.code = code;
    }

    public String code() {
        return code;
    }

    /** The rule and the value, in words. */
    public String words() {
        return String.valueOf(getMessage());
    }
}
