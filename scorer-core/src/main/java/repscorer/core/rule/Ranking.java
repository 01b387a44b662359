package repscorer.core.rule;

import java.util.function.IntBinaryOperator;

/** Sorts candidates by score, best first. */
public final class Ranking {

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
