package repscorer.imports;

import java.io.IOException;

/** Rows could not be read to their end: the file is cut short, or not what its name says. */
public final class UnreadableRowsException extends IOException {

    private static final long serialVersionUID = 1L;

    UnreadableRowsException(String input, IOException cause) {
        super(message(input, String.valueOf(cause.getMessage())), cause);
    }

    private static String message(String input, String rule) {
        return rule.startsWith(input) ? rule : "%s cannot be read to its end: %s".formatted(input, rule);
    }
}
