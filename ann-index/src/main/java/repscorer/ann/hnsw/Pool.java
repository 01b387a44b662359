package repscorer.ann.hnsw;

import java.util.Arrays;

/** The best rows met on a walk, best first, each with a bit that says whether its links were followed. */
final class Pool {

    /*
     * One sorted array of longs: the score as an int that orders as the float does in the high half; in the low one the
     * ordinal's complement, so that of equal scores the lower ordinal is greater, and the bit. Insertion moves half the array
     * on average, which for some hundred longs costs less than two heaps do.
     */

    private static final int ORDINAL_MASK = Integer.MAX_VALUE;

    private long[] keys = new long[64];
    private int size;
    private int capacity = 1;

    /** The first entry whose links were not followed. */
    private int next;

    /** Forgets everything and keeps the best {@code capacity} from now on. */
    void reset(int capacity) {
        this.capacity = capacity;
        size = 0;
        next = 0;
    }

    int size() {
        return size;
    }

    int ordinal(int place) {
        return ordinal(keys[place]);
    }

    float score(int place) {
        return score(keys[place]);
    }

    /** The best row whose links were not followed, now taken as followed; -1 when there is none. */
    int follow() {
        int at = skip();
        if (at == size) {
            return Graph.NONE;
        }
        keys[at] |= 1;
        next = at + 1;
        return ordinal(keys[at]);
    }

    /** The row that {@link #follow} would answer as things stand. */
    int peek() {
        int at = skip();
        return at == size ? Graph.NONE : ordinal(keys[at]);
    }

    private int skip() {
        long[] sorted = keys;
        int at = next;
        while (at < size && (sorted[at] & 1) != 0) {
            at++;
        }
        next = at;
        return at;
    }

    /** Keeps a row that is not in here yet, if it is good enough. */
    void offer(int ordinal, float score) {
        long key = key(ordinal, score);
        if (size == capacity) {
            if (key <= keys[size - 1]) {
                return;
            }
            size--;
        } else if (size == keys.length) {
            keys = Arrays.copyOf(keys, (int) Math.min(capacity, 2L * size));
        }
        long[] sorted = keys;
        int low = 0;
        int high = size;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (sorted[middle] > key) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        System.arraycopy(sorted, low, sorted, low + 1, size - low);
        sorted[low] = key;
        size++;
        next = Math.min(next, low);
    }

    /** A score and an ordinal in one long: greater means a higher score, or an equal one and a lower ordinal. */
    static long key(int ordinal, float score) {
        int bits = Float.floatToRawIntBits(score + 0f); // -0 becomes 0: the two are equal scores
        int sortable = bits ^ ((bits >> 31) & Integer.MAX_VALUE);
        return ((long) sortable << 32) | ((~ordinal & ORDINAL_MASK) * 2L);
    }

    static int ordinal(long key) {
        return ~(int) (key >>> 1) & ORDINAL_MASK;
    }

    static float score(long key) {
        int sortable = (int) (key >> 32);
        return Float.intBitsToFloat(sortable ^ ((sortable >> 31) & Integer.MAX_VALUE));
    }
}
