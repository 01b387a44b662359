package repscorer.benchmarks.serving;

import java.util.Arrays;

/**
 * Whether something grew over time: the median of the second half of what was seen beside that of the first half. A leak shows
 * there, while what comes and goes in between, such as a compaction, does not.
 *
 * @param before the first half's median
 * @param after the second half's
 */
record Flat(double before, double after) {

    static Flat of(double[] series) {
        if (series.length < 4) {
            throw new IllegalArgumentException("too few to judge: " + Arrays.toString(series));
        }
        int middle = series.length / 2;
        return new Flat(
                median(Arrays.copyOfRange(series, 0, middle)),
                median(Arrays.copyOfRange(series, series.length - middle, series.length)));
    }

    static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /** @param slack that counts for nothing where a share of the first half is less */
    boolean within(double share, double slack) {
        return after - before <= Math.max(share * before, slack);
    }
}
