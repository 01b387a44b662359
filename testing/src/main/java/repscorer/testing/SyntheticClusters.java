package repscorer.testing;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import repscorer.testing.SyntheticVectors.Sparse;

/**
 * Sparse vectors as SimClusters makes them: some clusters are in far more rows than others, and a row's weights differ by
 * orders of magnitude.
 *
 * @param clusters how many there are
 * @param popularity cluster c is drawn in proportion to 1 / (c + 1)^popularity: 0 for clusters alike, 1 for Zipf's law
 * @param sizeMin the fewest entries of a row
 * @param sizeMax the most entries; sizes are even in between
 * @param tail weights are u^(-1 / tail) with u even in (0, 1], Pareto's law with minimum 1: the smaller, the heavier
 */
public record SyntheticClusters(int clusters, double popularity, int sizeMin, int sizeMax, double tail) {

    /** Rows drawn one after the other; the same seed draws the same rows. */
    public Sparse rows(RandomGenerator random, int count) {
        double[] cumulated = new double[clusters];
        double total = 0;
        for (int c = 0; c < clusters; c++) {
            total += Math.pow(c + 1.0, -popularity);
            cumulated[c] = total;
        }
        int[][] columns = new int[count][];
        float[][] weights = new float[count][];
        for (int row = 0; row < count; row++) {
            int size = sizeMin + random.nextInt(sizeMax - sizeMin + 1);
            columns[row] = distinct(random, cumulated, size);
            weights[row] = new float[size];
            for (int i = 0; i < size; i++) {
                weights[row][i] = (float) Math.pow(1 - random.nextDouble(), -1 / tail);
            }
        }
        return new Sparse(columns, weights);
    }

    private int[] distinct(RandomGenerator random, double[] cumulated, int size) {
        int[] drawn = new int[size];
        int taken = 0;
        while (taken < size) {
            double at = random.nextDouble() * cumulated[clusters - 1];
            int found = Arrays.binarySearch(cumulated, at);
            int column = Math.min(found < 0 ? -found - 1 : found, clusters - 1);
            boolean fresh = true;
            for (int i = 0; i < taken; i++) {
                fresh &= drawn[i] != column;
            }
            if (fresh) {
                drawn[taken++] = column;
            }
        }
        Arrays.sort(drawn);
        return drawn;
    }
}
