package repscorer.training.graph;

import repscorer.training.plan.RelationPlan;
import repscorer.training.plan.RelationPlan.Separator;

/** Finds where the fields of a row begin and end. For one thread. */
final class RowFields {

    /** The begin and the end of each field that {@link #split} found. */
    final int[] starts;

    final int[] ends;

    /** Bytes between two fields, where it is not a run of any length. */
    final int width;

    private final Separator separator;
    private final boolean quoted;

    RowFields(RelationPlan plan) {
        starts = new int[plan.columns().size()];
        ends = new int[plan.columns().size()];
        separator = plan.separator();
        quoted = separator == Separator.COMMA || separator == Separator.SEMICOLON;
        width = separator == Separator.DOUBLE_COLON ? 2 : 1;
    }

    /** The end of the field that begins at a place, whatever quotes it has. */
    int end(byte[] buffer, int from, int to) {
        int i = from;
        while (i < to && !separates(buffer, i, to)) {
            i++;
        }
        return i;
    }

    /**
     * Finds the fields of a row, one for each column of the plan. Quotes that a field has doubled are halved where they lie.
     *
     * @throws IllegalArgumentException when there are more or fewer, or a quote is not closed
     */
    void split(byte[] buffer, int from, int to) {
        int expected = starts.length;
        int fields = 0;
        int i = from;
        while (true) {
            if (separator == Separator.WHITESPACE) {
                i = afterBlanks(buffer, i, to);
                if (i == to) {
                    break;
                }
            }
            int at = Math.min(fields, expected - 1);
            if (quoted) {
                i = field(buffer, i, to, at);
            } else {
                starts[at] = i;
                i = end(buffer, i, to);
                ends[at] = i;
            }
            fields++;
            if (i == to) {
                break;
            }
            i += width;
        }
        if (fields != expected) {
            throw new IllegalArgumentException("expects %s columns, got %s: '%s'%s"
                    .formatted(
                            expected,
                            fields,
                            RowParser.clip(RowParser.text(buffer, from, to)),
                            hint(buffer, from, to)));
        }
    }

    /** A field that may stand in quotes and in blanks; answers where it is over. */
    private int field(byte[] buffer, int from, int to, int at) {
        int start = afterBlanks(buffer, from, to);
        if (start == to || buffer[start] != '"') {
            int over = end(buffer, start, to);
            starts[at] = start;
            ends[at] = beforeBlanks(buffer, start, over);
            return over;
        }
        int end = start + 1;
        int i = start + 1;
        while (i < to && (buffer[i] != '"' || (i + 1 < to && buffer[i + 1] == '"'))) {
            i += buffer[i] == '"' ? 1 : 0;
            buffer[end++] = buffer[i++];
        }
        if (i == to) {
            throw new IllegalArgumentException("a quote is not closed in its row: '%s'"
                    .formatted(RowParser.clip(RowParser.text(buffer, from, to))));
        }
        starts[at] = start + 1;
        ends[at] = end;
        int over = afterBlanks(buffer, i + 1, to);
        if (over < to && !separates(buffer, over, to)) {
            throw new IllegalArgumentException("a quoted field ends with its quote: '%s'"
                    .formatted(RowParser.clip(RowParser.text(buffer, from, to))));
        }
        return over;
    }

    private static int afterBlanks(byte[] buffer, int from, int to) {
        int i = from;
        while (i < to && (buffer[i] == ' ' || buffer[i] == '\t')) {
            i++;
        }
        return i;
    }

    private static int beforeBlanks(byte[] buffer, int from, int to) {
        int i = to;
        while (i > from && (buffer[i - 1] == ' ' || buffer[i - 1] == '\t')) {
            i--;
        }
        return i;
    }

    private boolean separates(byte[] buffer, int i, int to) {
        byte b = buffer[i];
        return switch (separator) {
            case TAB -> b == '\t';
            case SPACE -> b == ' ';
            case WHITESPACE -> b == ' ' || b == '\t';
            case COMMA -> b == ',';
            case SEMICOLON -> b == ';';
            case DOUBLE_COLON -> b == ':' && i + 1 < to && buffer[i + 1] == ':';
        };
    }

    /** Which other separator a row may have been written with. */
    private String hint(byte[] buffer, int from, int to) {
        String row = RowParser.text(buffer, from, to);
        for (String[] other : new String[][] {
            {"\t", "tab"}, {"::", "double-colon"}, {",", "comma"}, {";", "semicolon"}, {" ", "whitespace"}
        }) {
            if (row.split(other[0], -1).length == starts.length) {
                return "; separator: %s, perhaps".formatted(other[1]);
            }
        }
        return "";
    }
}
