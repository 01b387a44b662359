package repscorer.cli.console;

/** The user's mistake, told in one line; the command ends with exit code 2. */
public final class UserError extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public UserError(String message) {
        super(message);
    }
}
