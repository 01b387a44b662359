package repscorer.ann;

import java.util.Arrays;

/** Which of many keys are the greatest, without an order among them. */
final class Selection {

    private Selection() {}

    /**
     * Moves the greatest keys to the front, the least of them at {@code keys[count - 1]}; the others follow in no order. O(n)
     * where pivots fall well, as they do but by intent, else O(n log n). Allocates nothing.
     *
     * @param n how many keys there are from the front on
     * @param count at least 1 and at most {@code n}
     */
    static void greatestFirst(long[] keys, int n, int count) {
        int target = count - 1;
        int from = 0;
        int last = n - 1;
        int splits = 2 * (Integer.SIZE - Integer.numberOfLeadingZeros(n));
        while (from < last) {
            if (splits-- == 0) {
                sortFalling(keys, from, last);
                return;
            }
            long pivot = median(keys[from], keys[(from + last) >>> 1], keys[last]);
            int i = from;
            int j = last;
            while (i <= j) {
                while (keys[i] > pivot) {
                    i++;
                }
                while (keys[j] < pivot) {
                    j--;
                }
                if (i <= j) {
                    long key = keys[i];
                    keys[i++] = keys[j];
                    keys[j--] = key;
                }
            }
            if (target <= j) {
                last = j;
            } else if (target >= i) {
                from = i;
            } else {
                return; // between the two all are the pivot
            }
        }
    }

    private static long median(long a, long b, long c) {
        return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
    }

    private static void sortFalling(long[] keys, int from, int last) {
        Arrays.sort(keys, from, last + 1);
        for (int i = from, j = last; i < j; i++, j--) {
            long key = keys[i];
            keys[i] = keys[j];
            keys[j] = key;
        }
    }
}
