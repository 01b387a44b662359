package repscorer.training.evaluate;

import java.util.HashMap;
import java.util.Map;

/** Normalised mutual information of two groupings: 1 where they are the same, 0 where one tells nothing of the other. */
final class Nmi {

    private Nmi() {}

    /**
     * Mutual information over the mean of both entropies; O(n). Things that the first grouping leaves out (-1) take no part,
     * those that only the second leaves out form a group of their own.
     */
    static double of(int[] truth, int[] found) {
        Map<Integer, Integer> truths = new HashMap<>();
        Map<Integer, Integer> founds = new HashMap<>();
        Map<Long, Integer> pairs = new HashMap<>();
        int n = 0;
        for (int i = 0; i < truth.length; i++) {
            if (truth[i] >= 0) {
                truths.merge(truth[i], 1, Integer::sum);
                founds.merge(found[i], 1, Integer::sum);
                pairs.merge((long) truth[i] << 32 | (found[i] & 0xFFFFFFFFL), 1, Integer::sum);
                n++;
            }
        }
        double entropies = entropy(truths, n) + entropy(founds, n);
        double mutual = entropies - entropy(pairs, n);
        return entropies > 0 ? 2 * mutual / entropies : 1;
    }

    private static double entropy(Map<?, Integer> counts, int n) {
        double sum = 0;
        for (int count : counts.values()) {
            double p = (double) count / n;
            sum -= p * Math.log(p);
        }
        return sum;
    }
}
