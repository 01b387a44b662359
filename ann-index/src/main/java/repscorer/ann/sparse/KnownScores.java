package repscorer.ann.sparse;

import java.util.Arrays;

/** What is known of the scores of all items met, by place, and which of them are the best. Reused; for one thread. */
final class KnownScores {

    /*
     * The best k of some thousands are found without comparing any two: scores are positive, so their bits order as they do,
     * and counting how many have the same leading bits tells a score that k of them reach and few more. Only those few are
     * looked at again.
     */

    /** 32 steps to each power of two, 3 % or less apart. */
    private static final int SHIFT = 18;

    private final int[] counts = new int[(Float.floatToRawIntBits(Float.POSITIVE_INFINITY) >>> SHIFT) + 1];
    private float[] scores = new float[1024];
    private int greatest;

    /** Takes the scores of all that was met, {@code raised} by a factor. O(items met). */
    void take(Sums sums, double[] norms, double sourceNorm, double raised) {
        double[] products = sums.products();
        int[] met = sums.met();
        int size = sums.size();
        if (size > scores.length) {
            scores = new float[Math.max(size, 2 * scores.length)];
        }
        float[] scores = this.scores;
        int[] counts = this.counts;
        Arrays.fill(counts, 0);
        int greatest = 0;
        for (int place = 0; place < size; place++) {
            int ordinal = met[place];
            float score = (float) (products[ordinal] / (sourceNorm * norms[ordinal]) * raised);
            scores[place] = score;
            int step = Float.floatToRawIntBits(score) >>> SHIFT;
            counts[step]++;
            greatest = Math.max(greatest, step);
        }
        this.greatest = greatest;
    }

    /** By place. */
    float[] scores() {
        return scores;
    }

    /** The greatest step that at least {@code k} of the scores reach; 0 where there are fewer. */
    float reachedBy(int k) {
        int step = greatest;
        int reached = counts[step];
        while (step > 0 && reached < k) {
            reached += counts[--step];
        }
        return Float.intBitsToFloat(step << SHIFT);
    }
}
