package repscorer.training.evaluate;

import java.util.Arrays;
import java.util.Comparator;

/** The area under the curve of precision over recall: the mean precision at the places of the positives. */
final class AveragePrecision {

    private AveragePrecision() {}

    /**
     * O(n log n). Equal scores are one place of the curve, so that their order does not matter; NaN comes
     * last.
     *
     * @param scores higher is more likely positive
     */
    static double of(double[] scores, boolean[] positive) {
        Integer[] order = new Integer[scores.length];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, Comparator.comparingDouble((Integer i) -> -scores[i]));
        double sum = 0;
        int hits = 0;
        int positives = 0;
        int from = 0;
        while (from < order.length) {
            int to = from;
            int found = 0;
            while (to < order.length && Double.compare(-scores[order[to]] + 0.0, -scores[order[from]] + 0.0) == 0) {
                found += positive[order[to]] ? 1 : 0;
                to++;
            }
            hits += found;
            positives += found;
            sum += (double) found * hits / to;
            from = to;
        }
        return positives > 0 ? sum / positives : 0;
    }
}
