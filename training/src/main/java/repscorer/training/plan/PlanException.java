package repscorer.training.plan;

import java.nio.file.Path;

/** A configuration file breaks a rule. The message is one line: the file, the line, the rule and the value. */
public final class PlanException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Path file;
    private final int line;

    PlanException(Path file, int line, String rule, Throwable cause) {
        super(line > 0 ? "%s line %d: %s".formatted(file, line, rule) : "%s: %s".formatted(file, rule), cause);
        this.file = file;
        this.line = line;
    }

    public Path file() {
        return file;
    }

    /** The line, counted from 1; 0 where the file as a whole is meant. */
    public int line() {
        return line;
    }
}
