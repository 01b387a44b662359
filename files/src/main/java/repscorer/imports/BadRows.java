package repscorer.imports;

import java.util.ArrayList;
import java.util.List;

/** Counts the rows that break a rule and keeps the first few by name. */
final class BadRows {

    private static final int RULE_LENGTH_MAX = 400;

    private final int namedMax;
    private final List<String> named = new ArrayList<>();
    private long count;

    BadRows(int namedMax) {
        this.namedMax = namedMax;
    }

    void add(long row, String rule) {
        count++;
        if (named.size() < namedMax) {
            String head = rule.length() <= RULE_LENGTH_MAX ? rule : rule.substring(0, RULE_LENGTH_MAX) + "...";
            named.add("row " + row + ": "
                    + head.replaceAll("[\\p{Cc}\\u2028\\u2029]", "?")); // a line, whatever its value holds
        }
    }

    long count() {
        return count;
    }

    List<String> named() {
        return List.copyOf(named);
    }
}
