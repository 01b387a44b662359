package repscorer.core.experiment;

import java.util.Arrays;
import java.util.OptionalDouble;

/** How GrowthBook deals: a place from 0 to below 1 by a seeded hash, and a range of places for each variation. */
final class GrowthBook {

    private static final double SUM_TOLERANCE = 0.01;

    /** From its start to below its end. */
    record Range(double start, double end) {}

    private GrowthBook() {}

    /** The place of a value; empty for a version of the hash that nobody knows. */
    static OptionalDouble hash(String seed, String value, int version) {
        return switch (version) {
            case 1 -> {
                int hash = Fnv1a.more(Fnv1a.more(Fnv1a.BASIS, value), seed);
                yield OptionalDouble.of(Integer.remainderUnsigned(hash, 1_000) / 1_000.0);
            }
            case 2 -> {
                int first = Fnv1a.more(Fnv1a.more(Fnv1a.BASIS, seed), value);
                yield OptionalDouble.of(Integer.remainderUnsigned(Fnv1a.ofDigits(first), 10_000) / 10_000.0);
            }
            default -> OptionalDouble.empty();
        };
    }

    /** The bucket in a namespace, of {@value Experiment#BUCKETS}; only every tenth is ever taken. */
    static int namespaceBucket(String namespace, String value) {
        int hash = Fnv1a.more(Fnv1a.more(Fnv1a.more(Fnv1a.BASIS, value), "__"), namespace);
        return Integer.remainderUnsigned(hash, 1_000) * (Experiment.BUCKETS / 1_000);
    }

    /**
     * The ranges of variations: each begins where the weights before it end and is as much of its own weight as is covered, so
     * that more coverage moves nobody.
     *
     * @param coverage taken as 0 or 1 where it is beyond
     * @param weights equal ones in their place where they are not one each, or do not sum to about 1
     */
    static Range[] ranges(int variations, double coverage, double[] weights) {
        double covered = Math.clamp(coverage, 0, 1);
        boolean usable =
                weights.length == variations && Math.abs(Arrays.stream(weights).sum() - 1) <= SUM_TOLERANCE;
        double[] taken = usable ? weights : equalWeights(variations);
        Range[] ranges = new Range[taken.length];
        double start = 0;
        for (int i = 0; i < taken.length; i++) {
            ranges[i] = new Range(start, start + covered * taken[i]);
            start += taken[i];
        }
        return ranges;
    }

    static double[] equalWeights(int variations) {
        double[] weights = new double[Math.max(0, variations)];
        Arrays.fill(weights, 1.0 / variations);
        return weights;
    }

    /** The variation whose range holds a place; -1 for none. */
    static int choose(double place, Range[] ranges) {
        for (int i = 0; i < ranges.length; i++) {
            if (place >= ranges[i].start && place < ranges[i].end) {
                return i;
            }
        }
        return -1;
    }
}
