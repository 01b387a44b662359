package repscorer.core.rule;

import java.util.Arrays;
import java.util.function.IntBinaryOperator;

/** Sorts candidates by score, best first. */
public final class Ranking {

    /** So few are sorted as fast as they are split. */
    private static final int SORTED_WHOLE = 16;

    private Ranking() {}

    /**
     * Sorts places by their scores, greatest first. O(n log n), allocates one list.
     *
     * @param places sorted in place
     * @param scores by place; none may be NaN
     * @param ties orders places of equal scores, as a comparator does; never 0 for two different ones
     */
    public static void sort(int[] places, double[] scores, IntBinaryOperator ties) {
        sort(places.clone(), places, 0, places.length, scores, ties);
    }

    /**
     * Moves the best places to the front, greatest score first; the others follow in no order. O(n + count log count)
     * where pivots fall well, as they do but by intent, else as {@link #sort}. Allocates one list of {@code count}.
     *
     * @param places as of {@link #sort}, which this is for a {@code count} of all
     */
    public static void best(int[] places, int count, double[] scores, IntBinaryOperator ties) {
        int begin = 0;
        int end = places.length;
        int splits = 2 * (Integer.SIZE - Integer.numberOfLeadingZeros(end));
        // What stands before begin is better, and what stands from end on worse, than all between.
        while (begin < count && count < end && end - begin > SORTED_WHOLE && splits-- > 0) {
            int split = split(places, begin, end, scores, ties);
            if (split < count) {
                begin = split + 1;
            } else {
                end = split;
            }
        }
        if (begin >= count) {
            end = Math.min(end, count);
        }
        int[] front = Arrays.copyOf(places, end);
        sort(front, scores, ties);
        System.arraycopy(front, 0, places, 0, end);
    }

    /* Puts what is better than a place of middling score before it, all else behind; answers where it is. */
    private static int split(int[] places, int begin, int end, double[] scores, IntBinaryOperator ties) {
        int last = end - 1;
        swap(places, median(places, begin, (begin + end) >>> 1, last, scores, ties), last);
        int pivot = places[last];
        int at = begin;
        for (int i = begin; i < last; i++) {
            if (compare(places[i], pivot, scores, ties) < 0) {
                swap(places, at++, i);
            }
        }
        swap(places, at, last);
        return at;
    }

    private static int median(int[] places, int a, int b, int c, double[] scores, IntBinaryOperator ties) {
        boolean ab = compare(places[a], places[b], scores, ties) < 0;
        boolean bc = compare(places[b], places[c], scores, ties) < 0;
        boolean ac = compare(places[a], places[c], scores, ties) < 0;
        return ab == bc ? b : ab == ac ? c : a;
    }

    private static void swap(int[] places, int a, int b) {
        int place = places[a];
        places[a] = places[b];
        places[b] = place;
    }

    /* Merges from one array into the other, which hold the same places at the start. */
    private static void sort(int[] from, int[] into, int begin, int end, double[] scores, IntBinaryOperator ties) {
        if (end - begin < 2) {
            return;
        }
        int middle = (begin + end) >>> 1;
        sort(into, from, begin, middle, scores, ties);
        sort(into, from, middle, end, scores, ties);
        int left = begin;
        int right = middle;
        for (int i = begin; i < end; i++) {
            boolean takesLeft = right == end || (left < middle && compare(from[left], from[right], scores, ties) <= 0);
            into[i] = takesLeft ? from[left++] : from[right++];
        }
    }

    private static int compare(int a, int b, double[] scores, IntBinaryOperator ties) {
        int byScore = Double.compare(scores[b], scores[a]);
        return byScore != 0 ? byScore : ties.applyAsInt(a, b);
    }
}
