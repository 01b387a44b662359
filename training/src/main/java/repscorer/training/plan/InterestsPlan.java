package repscorer.training.plan;

import java.util.Map;

/**
 * How mixtures of interests are made from dense vectors.
 *
 * @param clusters how many interests the tails of each relation are grouped into, by relation
 * @param iterations passes of k-means, at most
 * @param neighbours nearest users whose mixtures smooth a user's own; 0 for none
 * @param smoothing λ, the part of a mixture that comes from the neighbours, 0 to 1
 * @param interestsMax interests kept per user
 */
public record InterestsPlan(
        Map<String, Integer> clusters, int iterations, int neighbours, double smoothing, int interestsMax) {

    /** The values of keys that a file leaves out. */
    public record Defaults(int iterations, int neighbours, double smoothing, int interestsMax) {}

    public static final Defaults DEFAULT = new Defaults(10, 20, 0.5, 50);

    public InterestsPlan {
        clusters = Map.copyOf(clusters);
        Rules.check(!clusters.isEmpty(), "clusters must name at least one relation");
        clusters.forEach((relation, count) -> Rules.check(
                count >= 2 && count <= 1_000_000, "clusters must be 2 to 1000000: %s (relation %s)", count, relation));
        Rules.checkRange("iterations", iterations, 1, 1000);
        Rules.checkRange("neighbours", neighbours, 0, 1000);
        Rules.checkRange("smoothing", smoothing, 0, 1);
        Rules.checkRange("interests-max", interestsMax, 1, 10_000);
    }
}
