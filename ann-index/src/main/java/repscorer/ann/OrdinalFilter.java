package repscorer.ann;

import java.util.BitSet;

/**
 * Which ordinals a search may answer. Must be pure and safe for concurrent use while a search runs.
 */
public interface OrdinalFilter {

    /** Accepts every ordinal. */
    OrdinalFilter ALL = new OrdinalFilter() {
        @Override
        public boolean accepts(int ordinal) {
            return true;
        }

        @Override
        public int accepted(int count) {
            return count;
        }

        @Override
        public int gather(int from, int count, int[] into) {
            int n = Math.clamp((long) count - from, 0, into.length);
            for (int i = 0; i < n; i++) {
                into[i] = from + i;
            }
            return n;
        }

        @Override
        public String toString() {
            return "all";
        }
    };

    boolean accepts(int ordinal);

    /** How many of the ordinals 0 to {@code count - 1} are accepted. O(1) or one pass over a bitmap. */
    int accepted(int count);

    /** The first accepted ordinal from {@code from} on, or {@code count} where none below it is. */
    default int next(int from, int count) {
        int at = from;
        while (at < count && !accepts(at)) {
            at++;
        }
        return at;
    }

    /**
     * Gathers the next accepted ordinals, rising, as many as there is room for.
     *
     * @param from the first that is looked at
     * @param count the first that is not
     * @return how many were gathered; fewer than there is room for where no more are accepted
     */
    default int gather(int from, int count, int[] into) {
        int n = 0;
        for (int at = next(from, count); at < count && n < into.length; at = next(at + 1, count)) {
            into[n++] = at;
        }
        return n;
    }

    /** Accepts the ordinals that are set; the caller must not change them afterwards. */
    static OrdinalFilter allow(BitSet ordinals) {
        return new BitSetFilter(ordinals, true);
    }

    /** Accepts the ordinals that are not set; the caller must not change them afterwards. */
    static OrdinalFilter deny(BitSet ordinals) {
        return ordinals.isEmpty() ? ALL : new BitSetFilter(ordinals, false);
    }

    /**
     * Accepts the ordinals whose time lies from {@code from} on and before {@code to}: an age window. O(count) to count.
     *
     * @param times by ordinal, in any unit; kept, not copied
     */
    static OrdinalFilter between(long[] times, long from, long to) {
        return new TimeFilter(times, from, to);
    }

    /** Accepts what both accept. */
    default OrdinalFilter and(OrdinalFilter other) {
        return equals(ALL) ? other : other.equals(ALL) ? this : new BothFilter(this, other);
    }
}
