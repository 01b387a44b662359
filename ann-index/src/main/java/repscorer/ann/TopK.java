package repscorer.ann;

import java.util.Arrays;

/**
 * Keeps the best k of the scores it is offered. For the engines of this module; callers of an index never meet it.
 *
 * <p>Not safe for concurrent use. Offering is O(1), amortised, and allocates nothing once there is room for twice k.
 */
public final class TopK {

    /*
     * Keys are longs. The high half is the score as an int that orders as the float does, the low half the ordinal's
     * complement, so that one signed comparison means "higher score, then lower ordinal". They are gathered until there are
     * about twice as many as are kept; then the lesser ones are dropped, and from then on most of what comes is refused by one
     * comparison with the least of those kept. A heap would move log k keys for each one that it takes.
     */

    private static final int CAPACITY_FIRST = 256;
    private static final int SPARE_MIN = 64;

    private long[] keys;
    private int gathered;
    private int k;
    private long least; // nothing from here down can be among the best k

    /**
     * @param k how many to keep, at least 1; memory grows with what is offered, so it may be far too large
     */
    public TopK(int k) {
        this.keys = new long[Math.min(k, CAPACITY_FIRST)];
        reset(k);
    }

    /** Forgets everything and keeps the best {@code k} from now on. */
    public void reset(int k) {
        if (k < 1) {
            throw new IllegalArgumentException("k must be at least 1: " + k);
        }
        this.k = k;
        this.gathered = 0;
        this.least = Long.MIN_VALUE;
    }

    /** Offers a row. NaN is never kept. */
    public void offer(int ordinal, float score) {
        long key = key(ordinal, score);
        if (key > least && !Float.isNaN(score)) {
            if (gathered == keys.length) {
                makeRoom();
            }
            keys[gathered++] = key;
        }
    }

    private void makeRoom() {
        long wanted = (long) k + Math.max(k, SPARE_MIN);
        if (keys.length < wanted) {
            keys = Arrays.copyOf(keys, (int) Math.min(Math.min(wanted, 2L * keys.length), Integer.MAX_VALUE - 8));
        } else {
            cut();
        }
    }

    /** Drops all but the best k, of which there must be as many. */
    private void cut() {
        Selection.greatestFirst(keys, gathered, k);
        gathered = k;
        least = keys[k - 1];
    }

    public int size() {
        return Math.min(gathered, k);
    }

    /** Whether anything below this score would be refused. */
    public boolean isFull() {
        return gathered >= k;
    }

    /** The least score kept; negative infinity while there is room. O(k) after offers. */
    public float worst() {
        if (gathered < k) {
            return Float.NEGATIVE_INFINITY;
        }
        if (gathered > k || least == Long.MIN_VALUE) {
            cut();
        }
        return score(least);
    }

    /** What was kept, best first, ties by ascending ordinal. Leaves this empty. */
    public Neighbors drain(SearchStats stats) {
        if (gathered > k) {
            cut();
        }
        int size = gathered;
        Arrays.sort(keys, 0, size);
        int[] ordinals = new int[size];
        float[] scores = new float[size];
        for (int i = 0, from = size - 1; from >= 0; i++, from--) {
            ordinals[i] = ordinal(keys[from]);
            scores[i] = score(keys[from]);
        }
        reset(k);
        return new Neighbors(ordinals, scores, stats);
    }

    /** A score and an ordinal in one long: greater means a higher score, or an equal one and a lower ordinal. */
    public static long key(int ordinal, float score) {
        int bits = Float.floatToRawIntBits(score + 0f); // -0 becomes 0: the two are equal scores
        int sortable = bits ^ ((bits >> 31) & Integer.MAX_VALUE);
        return ((long) sortable << 32) | (~ordinal & 0xFFFF_FFFFL);
    }

    /** The ordinal inside a {@link #key}. */
    public static int ordinal(long key) {
        return ~(int) key;
    }

    /** The score inside a {@link #key}. */
    public static float score(long key) {
        int sortable = (int) (key >> 32);
        return Float.intBitsToFloat(sortable ^ ((sortable >> 31) & Integer.MAX_VALUE));
    }

    /** Adds a key to the min-heap in {@code heap[from]} to {@code heap[from + size - 1]} and answers its new size. */
    public static int push(long[] heap, int from, int size, long key) {
        int at = size;
        while (at > 0) {
            int parent = (at - 1) >>> 1;
            if (heap[from + parent] <= key) {
                break;
            }
            heap[from + at] = heap[from + parent];
            at = parent;
        }
        heap[from + at] = key;
        return size + 1;
    }

    /** Puts a greater key in the place of the least one of the min-heap in {@code heap[from]} and on. */
    public static void replaceRoot(long[] heap, int from, int size, long key) {
        int at = 0;
        int parents = size >>> 1;
        while (at < parents) {
            int child = 2 * at + 1;
            if (child + 1 < size && heap[from + child + 1] < heap[from + child]) {
                child++;
            }
            if (heap[from + child] >= key) {
                break;
            }
            heap[from + at] = heap[from + child];
            at = child;
        }
        heap[from + at] = key;
    }
}
