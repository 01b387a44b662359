package repscorer.ann.sparse;

import repscorer.ann.OrdinalFilter;
import repscorer.vector.SparseRows;

/** Ordinals of items in question, some of which are dropped again. Reused; for one thread. */
final class Candidates {

    private static final int ROOM_FIRST = 256;

    private int[] ordinals = new int[ROOM_FIRST];
    private int size;
    private final int[] batch = new int[WholeSearch.BATCH];

    /** Takes the items met that are known to score {@code from} and do not reach {@code to}, which may be NaN for no such end. */
    void collect(Sums sums, KnownScores known, float from, float to) {
        int[] met = sums.met();
        float[] scores = known.scores();
        int places = sums.size();
        if (places > ordinals.length) {
            ordinals = new int[Math.max(places, 2 * ordinals.length)];
        }
        int[] ordinals = this.ordinals;
        int size = 0;
        for (int place = 0; place < places; place++) {
            float score = scores[place];
            ordinals[size] = met[place]; // one that is not taken is written over
            size += score >= from && !(score >= to) ? 1 : 0;
        }
        this.size = size;
    }

    /** Drops what the filter refuses. */
    void keep(OrdinalFilter filter) {
        int kept = 0;
        for (int i = 0; i < size; i++) {
            int ordinal = ordinals[i];
            if (filter.accepts(ordinal)) {
                ordinals[kept++] = ordinal;
            }
        }
        size = kept;
    }

    /** Fetches the rows of {@code n} of them, from {@code from} on: at most {@link WholeSearch#BATCH}. */
    void fetch(SparseRows rows, int from, int n) {
        System.arraycopy(ordinals, from, batch, 0, n);
        rows.fetch(batch, n);
    }

    int size() {
        return size;
    }

    /** The ordinals in the first {@link #size()} places, which may be written over by those that are kept. */
    int[] ordinals() {
        return ordinals;
    }

    /** Keeps the first {@code size}. */
    void keepFirst(int size) {
        this.size = size;
    }
}
