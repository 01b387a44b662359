package repscorer.training.plan;

import java.util.List;
import java.util.Map;
import repscorer.core.blend.Normalizer;
import repscorer.core.similarity.Similarity;

/**
 * How a run is judged by the edges held out.
 *
 * @param users heads with held-out edges that are sampled per relation
 * @param k the ranks at which recall is read
 * @param retrieve candidates that each column is asked for before the blend
 * @param similarity how sparse vectors are compared
 * @param normalizer brings the columns of the blend to one scale
 * @param weights of the columns of the blend, by relation
 * @param probe the relation whose most frequent held-out tails are told from the vectors of heads; empty for none
 * @param probeClasses how many tails the probe tells
 * @param truth a file of entity ids and the community each was planted in, relative to the data; empty for none
 */
public record EvaluationPlan(
        int users,
        List<Integer> k,
        int retrieve,
        Similarity similarity,
        Normalizer normalizer,
        Map<String, Weights> weights,
        String probe,
        int probeClasses,
        String truth) {

    /** The weights of one relation's blend. */
    public record Weights(
            double twhin,
            double simclusters,
            double mixture,
            double mutual,
            double nearPopularity,
            double reciprocity) {

        public static final Weights DEFAULT = new Weights(1, 1, 1, 1, 1, 1);

        public Weights {
            Rules.checkRange("twhin", twhin, 0, 1000);
            Rules.checkRange("simclusters", simclusters, 0, 1000);
            Rules.checkRange("mixture", mixture, 0, 1000);
            Rules.checkRange("mutual", mutual, 0, 1000);
            Rules.checkRange("near-popularity", nearPopularity, 0, 1000);
            Rules.checkRange("reciprocity", reciprocity, 0, 1000);
        }
    }

    public static final EvaluationPlan DEFAULT = new EvaluationPlan(
            1000, List.of(10, 50), 400, Similarity.EXP_SCALED_COSINE, Normalizer.Z_SCORE, Map.of(), "", 20, "");

    public EvaluationPlan {
        k = List.copyOf(k);
        weights = Map.copyOf(weights);
        Rules.checkRange("users", users, 1, 10_000_000);
        Rules.check(!k.isEmpty(), "k must name at least one rank");
        k.forEach(rank -> Rules.checkRange("k", rank, 1, 1000));
        Rules.checkRange("probe-classes", probeClasses, 1, 1000);
        Rules.checkRange("retrieve", retrieve, 1, 5000);
        Rules.check(similarity.sparse(), "similarity must be one for sparse vectors: %s", similarity.wireName());
    }

    /** The same by so many users. */
    public EvaluationPlan withUsers(int count) {
        return new EvaluationPlan(count, k, retrieve, similarity, normalizer, weights, probe, probeClasses, truth);
    }

    public Weights weights(String relation) {
        return weights.getOrDefault(relation, Weights.DEFAULT);
    }
}
