package repscorer.cli.imports;

import java.util.ArrayList;
import java.util.List;

/** Counts the rows that were left out, keeps the first few by name, and stops above a limit. */
final class BadRows {

    private static final int NAMED_MAX = 5;

    private final long allowed;
    private final List<String> named = new ArrayList<>();
    private long count;

    BadRows(long allowed) {
        this.allowed = allowed;
    }

    /** @throws IllegalArgumentException when there are now more bad rows than allowed */
    void add(long row, String rule) {
        count++;
        if (named.size() < NAMED_MAX) {
            named.add("row " + row + ": " + rule);
        }
        if (count > allowed) {
            throw new IllegalArgumentException("%s (%d bad rows, %d allowed; nothing was written)"
                    .formatted(String.join("; ", named), count, allowed));
        }
    }

    long count() {
        return count;
    }

    List<String> named() {
        return List.copyOf(named);
    }
}
