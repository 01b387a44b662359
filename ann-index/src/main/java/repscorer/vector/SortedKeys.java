package repscorer.vector;

import java.util.Arrays;

/**
 * The greatest of the keys inserted, in falling order: for a list that takes a few keys at a time and is read from the front.
 * Insertion is O(size), eight keys an instruction where SIMD allows, and takes no branch that depends on where the key belongs.
 * Not safe for concurrent use; grows with what is kept and then allocates nothing.
 */
public final class SortedKeys {

    /*
     * A key moves in by one formula for every place: the greater of the key there and the lesser of the new key and the one
     * before. So a place before all others holds the greatest number there is, and places behind the last the least.
     */

    /** Places before the first key: a multiple of what a register holds. */
    static final int MARGIN = 8;

    private static final int FIRST_CAPACITY = 64;

    private long[] keys = empty(FIRST_CAPACITY);
    private int size;
    private int capacity = 1;

    /** Forgets everything and keeps the greatest {@code capacity} from now on, which must be at least 1. */
    public void reset(int capacity) {
        Arrays.fill(keys, MARGIN, MARGIN + size, Long.MIN_VALUE);
        this.capacity = capacity;
        size = 0;
    }

    public int size() {
        return size;
    }

    public boolean isFull() {
        return size == capacity;
    }

    /** The key at a place, 0 for the greatest; {@link Long#MIN_VALUE} right behind the last. */
    public long get(int place) {
        return keys[MARGIN + place];
    }

    /** Overwrites a key by one that belongs in the same place. */
    public void set(int place, long key) {
        keys[MARGIN + place] = key;
    }

    /**
     * Keeps a key that is not in here, or drops it where there are enough greater ones. Answers a place before which nothing
     * has changed.
     */
    public int insert(long key) {
        int last = size;
        if (last == capacity) {
            last--;
        } else {
            size++;
            if (MARGIN + size + MARGIN > keys.length) {
                keys = Arrays.copyOf(keys, 2 * keys.length);
                Arrays.fill(keys, MARGIN + size, keys.length, Long.MIN_VALUE);
            }
        }
        int changed = VectorOps.KERNELS.insert(keys, MARGIN + last, key);
        keys[MARGIN + last + 1] = Long.MIN_VALUE; // the one that a full list pushes out
        return changed - MARGIN;
    }

    /** The first place from {@code place} on whose key is even; the size where there is none. */
    public int firstEven(int place) {
        // most often it is the first looked at, and a register full would wait for the key set just before to be stored
        return (get(place) & 1) == 0 ? place : VectorOps.KERNELS.firstEven(keys, MARGIN + place) - MARGIN;
    }

    private static long[] empty(int capacity) {
        long[] keys = new long[MARGIN + capacity + MARGIN];
        Arrays.fill(keys, 0, MARGIN, Long.MAX_VALUE);
        Arrays.fill(keys, MARGIN, keys.length, Long.MIN_VALUE);
        return keys;
    }
}
