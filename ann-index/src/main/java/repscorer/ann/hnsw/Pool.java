package repscorer.ann.hnsw;

import java.util.Arrays;

/** The best rows met on a walk, best first, each with a bit that says whether its links were followed. */
final class Pool {

    /*
     * One sorted array of longs: the score as an int that orders as the float does in the high half; in the low one the
     * ordinal's complement, so that of equal scores the lower ordinal is greater, and the bit. Insertion moves half the array
     * on average, which for some hundred longs costs less than two heaps do.
     *
     * The floor is a score below which nothing is kept or followed any more: see narrow.
     */

    private static final int ORDINAL_MASK = Integer.MAX_VALUE;
    private static final long FLOOR_NONE = Long.MIN_VALUE + 1;

    private long[] keys = new long[64];
    private int size;
    private int capacity = 1;

    /** The first entry whose links were not followed. */
    private int next;

    private long floor = FLOOR_NONE;

    /** Forgets everything and keeps the best {@code capacity} from now on. */
    void reset(int capacity) {
        this.capacity = capacity;
        size = 0;
        next = 0;
        floor = FLOOR_NONE;
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

    /** The best row whose links were not followed, now taken as followed; {@link Graph#NONE} when there is none. */
    int follow() {
        int at = skip();
        if (at == size || keys[at] < floor) {
            return Graph.NONE;
        }
        keys[at] |= 1;
        next = at + 1;
        return ordinal(keys[at]);
    }

    /** The score of the row that {@link #follow} answered last. */
    float followedScore() {
        return score(keys[next - 1]);
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

    /**
     * Lets nothing be kept or followed any more whose distance to the query is more than {@code slack} times that of the k-th
     * best, both squared; without effect while there are fewer than k.
     *
     * @param zero the score of no distance
     * @param least taken for the k-th best's distance where that is less, as codes tell no smaller ones apart
     */
    void narrow(int k, float slack, float zero, float least) {
        if (size >= k) {
            float distance = Math.max(least, zero - score(keys[k - 1]));
            floor = Math.max(floor, floor(zero - slack * distance));
        }
    }

    /** The least key of a score. */
    private static long floor(float score) {
        return key(ORDINAL_MASK, score);
    }

    /** Keeps a row that is not in here yet, if it is good enough. */
    void offer(int ordinal, float score) {
        long key = key(ordinal, score);
        if (key >= floor && (size < capacity || key > keys[size - 1])) {
            insert(key);
        }
    }

    /** Keeps those of the first {@code n} rows that are good enough; none of them is in here yet. */
    void offer(int[] ordinals, float[] scores, int n) {
        long least = least();
        for (int i = 0; i < n; i++) {
            long key = key(ordinals[i], scores[i]);
            if (key > least) {
                insert(key);
                least = least();
            }
        }
    }

    /** A key must be greater to be kept. */
    private long least() {
        return size == capacity ? Math.max(keys[size - 1], floor - 1) : floor - 1;
    }

    private void insert(long key) {
        if (size == capacity) {
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
