package repscorer.codes;

/**
 * The entries that units of a code stand for: entry c of unit s is added to {@code width(s)} values of a row from {@code from(s)} on.
 * Immutable.
 */
final class Tables {

    private final int[] from;
    private final int[] width;
    private final int[] at;
    private final float[] values;
    private final int entries;
    private final boolean shared;

    /** @param values unit after unit, entry after entry; one unit's alone where all share them */
    Tables(int[] from, int[] width, float[] values, int entries, boolean shared) {
        this.from = from;
        this.width = width;
        this.values = values;
        this.entries = entries;
        this.shared = shared;
        this.at = new int[from.length];
        int end = 0;
        for (int s = 0; s < from.length; s++) {
            at[s] = end;
            if (!shared) {
                end = Math.addExact(end, Math.multiplyExact(entries, width[s]));
            }
        }
        int expected = shared ? entries : end;
        if (values.length != expected) {
            throw new IllegalArgumentException("tables have %s values: %s".formatted(expected, values.length));
        }
    }

    /** Units that part a row among them as evenly as can be. */
    static int[] starts(int dimension, int m) {
        int[] starts = new int[m];
        for (int s = 0; s < m; s++) {
            starts[s] = (int) ((long) s * dimension / m);
        }
        return starts;
    }

    static int[] widths(int[] starts, int dimension) {
        int[] widths = new int[starts.length];
        for (int s = 0; s < starts.length; s++) {
            widths[s] = (s + 1 < starts.length ? starts[s + 1] : dimension) - starts[s];
        }
        return widths;
    }

    int units() {
        return from.length;
    }

    int entries() {
        return entries;
    }

    int from(int unit) {
        return from[unit];
    }

    int width(int unit) {
        return width[unit];
    }

    boolean shared() {
        return shared;
    }

    float[] values() {
        return values;
    }

    /** Where an entry begins among the values. */
    int entryAt(int unit, int code) {
        return at[unit] + code * width[unit];
    }
}
