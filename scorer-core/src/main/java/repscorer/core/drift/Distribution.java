package repscorer.core.drift;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * How values are spread. Quantiles lie between the two nearest values, in proportion: that of q is at place q · (count − 1).
 *
 * @param count of the values
 * @param bins how many values lie in each of {@link #BINS} equal parts between the least and the greatest
 */
public record Distribution(
        int count,
        double mean,
        double min,
        double p1,
        double p10,
        double p50,
        double p90,
        double p99,
        double max,
        List<Integer> bins) {

    public static final int BINS = 20;

    public Distribution {
        bins = List.copyOf(bins);
    }

    /** Of the first of some finite values; empty where there are none. O(count · log count); the array is left as it is. */
    public static Optional<Distribution> of(double[] values, int count) {
        if (count == 0) {
            return Optional.empty();
        }
        double[] sorted = Arrays.copyOf(values, count);
        Arrays.sort(sorted);
        double min = sorted[0];
        double max = sorted[count - 1];
        return Optional.of(new Distribution(
                count,
                Math.clamp(Arrays.stream(sorted).sum() / count, min, max),
                min,
                quantile(sorted, 0.01),
                quantile(sorted, 0.10),
                quantile(sorted, 0.50),
                quantile(sorted, 0.90),
                quantile(sorted, 0.99),
                max,
                bins(sorted, min, max)));
    }

    private static double quantile(double[] sorted, double q) {
        double place = q * (sorted.length - 1);
        int below = (int) place;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    }

    private static List<Integer> bins(double[] sorted, double min, double max) {
        int[] counts = new int[BINS];
        for (double value : sorted) {
            counts[max > min ? Math.min(BINS - 1, (int) ((value - min) / (max - min) * BINS)) : 0]++;
        }
        List<Integer> bins = new ArrayList<>(BINS);
        for (int each : counts) {
            bins.add(each);
        }
        return bins;
    }
}
