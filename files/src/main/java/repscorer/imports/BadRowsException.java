package repscorer.imports;

import java.util.List;
import java.util.Optional;

/** More rows break a rule than are allowed; nothing was written. */
public final class BadRowsException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** @param columns which ones the rows came from, where that was chosen */
    BadRowsException(long bad, long allowed, List<String> named, Optional<String> columns) {
        super("nothing was written, for %s rows are bad and %s may be: %s%s%s"
                .formatted(
                        bad,
                        allowed,
                        String.join("; ", named),
                        bad > named.size() ? "; ..." : "",
                        columns.map(told -> " (%s)".formatted(told)).orElse("")));
    }
}
