package repscorer.imports;

import java.util.List;

/** More rows break a rule than are allowed; nothing was written. */
public final class BadRowsException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    BadRowsException(long bad, long allowed, List<String> named) {
        super("nothing was written, for %s rows are bad and %s may be: %s%s"
                .formatted(bad, allowed, String.join("; ", named), bad > named.size() ? "; ..." : ""));
    }
}
