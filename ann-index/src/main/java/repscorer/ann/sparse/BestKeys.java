package repscorer.ann.sparse;

import java.util.Arrays;
import repscorer.ann.Neighbors;
import repscorer.ann.SearchStats;
import repscorer.ann.TopK;

/** The best k of many scores, for a k of hundreds: offering is O(1) on average. Reused; for one thread. */
final class BestKeys {

    /*
     * Keys are taken into room for 2k as they come, as long as they are above a floor; where it is full, the best k are
     * selected, and the worst of them is the new floor. A heap would sift each of them through log k levels, every one of
     * which is a guess.
     */

    private static final int ROOM_FIRST = 512;

    private long[] keys = new long[ROOM_FIRST];
    private int size;
    private int k = 1;
    private long floor;

    /** Forgets everything and keeps the best {@code k}, at least 1, from now on. */
    void reset(int k) {
        this.k = k;
        size = 0;
        floor = Long.MIN_VALUE;
    }

    /** Offers an item; its score is a number. */
    void offer(int ordinal, float score) {
        long key = TopK.key(ordinal, score);
        if (key > floor) {
            if (size == keys.length || size >= 2L * k) {
                room();
            }
            keys[size++] = key;
        }
    }

    /** What is below this is refused; negative infinity at first, and never above the k-th best score. */
    float floor() {
        return floor == Long.MIN_VALUE ? Float.NEGATIVE_INFINITY : TopK.score(floor);
    }

    private void room() {
        if (size >= 2L * k) {
            settle();
        } else {
            keys = Arrays.copyOf(keys, (int) Math.min(2L * k, 2L * keys.length));
        }
    }

    /** Drops all but the best k, so that {@link #floor()} is the k-th best score where there are so many. */
    void settle() {
        if (size > k) {
            selectBest();
            size = k;
            floor = least();
        } else if (size == k) {
            floor = Math.max(floor, least());
        }
    }

    private long least() {
        long least = keys[0];
        for (int i = 1; i < size; i++) {
            least = Math.min(least, keys[i]);
        }
        return least;
    }

    /** Hoare's selection by the median of three: the k greatest come to the front, in no order. */
    private void selectBest() {
        long[] keys = this.keys;
        int from = 0;
        int to = size - 1;
        while (from < to) {
            long pivot = median(keys[from], keys[(from + to) >>> 1], keys[to]);
            int i = from;
            int j = to;
            while (i <= j) {
                while (keys[i] > pivot) {
                    i++;
                }
                while (keys[j] < pivot) {
                    j--;
                }
                if (i <= j) {
                    long swapped = keys[i];
                    keys[i++] = keys[j];
                    keys[j--] = swapped;
                }
            }
            if (k - 1 <= j) {
                to = j;
            } else if (k - 1 >= i) {
                from = i;
            } else {
                return;
            }
        }
    }

    private static long median(long a, long b, long c) {
        return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
    }

    /** How many are kept: k at most once they have been settled. */
    int size() {
        return size;
    }

    /** The best k, best first, ties by ascending ordinal. Leaves this empty. */
    Neighbors drain(SearchStats stats) {
        settle();
        Arrays.sort(keys, 0, size);
        int[] ordinals = new int[size];
        float[] scores = new float[size];
        for (int i = 0, from = size - 1; from >= 0; i++, from--) {
            ordinals[i] = TopK.ordinal(keys[from]);
            scores[i] = TopK.score(keys[from]);
        }
        size = 0;
        return new Neighbors(ordinals, scores, stats);
    }
}
