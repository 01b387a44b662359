package repscorer.core.experiment;

import java.util.List;

/**
 * A comparison of variants on one surface.
 *
 * @param salt mixed into the hash so that experiments are independent of each other
 * @param layer experiments of one layer never share a unit; each takes its own range of the layer's buckets
 * @param bucketFrom first of the layer's {@value #BUCKETS} buckets that belongs to the experiment
 * @param bucketTo first bucket that no longer does
 */
public record Experiment(
        String name,
        String surface,
        String layer,
        String salt,
        int bucketFrom,
        int bucketTo,
        List<Variant> variants,
        boolean enabled) {

    public static final int BUCKETS = 10_000;

    public Experiment {
        variants = List.copyOf(variants);
        if (bucketFrom < 0 || bucketTo > BUCKETS || bucketFrom > bucketTo) {
            throw new IllegalArgumentException("buckets must be a range within 0 to %s: %s to %s (experiment %s)"
                    .formatted(BUCKETS, bucketFrom, bucketTo, name));
        }
        if (variants.stream().mapToInt(Variant::weight).sum() < 1) {
            throw new IllegalArgumentException("variants need a positive weight: experiment " + name);
        }
        if (variants.stream().map(Variant::name).distinct().count() != variants.size()) {
            throw new IllegalArgumentException("variant names must differ: experiment " + name);
        }
    }
}
