package repscorer.core.answer;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import repscorer.core.entity.EntityId;

/**
 * One ranked candidate. All lists are empty unless the request asked to explain.
 *
 * @param score the sum of the columns' contributions and of what rules changed
 * @param columns every column of the plan in its order
 * @param sharedClusters the clusters that source and candidate share, strongest first
 * @param terms the words that a text shares with the source, greatest part first
 * @param models what made the probability of each column that a model computes
 * @param anchors the named entities nearest to the candidate on the dense side, nearest first
 * @param reasons sentences for people, of columns that have some, in the plan's order
 * @param rules what rules did to it, in their order
 * @param propensity the probability with which it stood at its rank, given all ranks before it; 1 where no chance took part
 * @param team the variant that an interleaved answer credits it to; empty for neither, and where nothing was interleaved
 * @param credit what an outcome of it counts for its team: 1 by team draft, by how many ranks its team preferred it where the
 *     interleaving was optimised; 0 without a team
 */
public record ScoredCandidate(
        EntityId id,
        double score,
        List<ColumnScore> columns,
        List<SharedCluster> sharedClusters,
        List<SharedTerm> terms,
        List<ModelParts> models,
        List<Anchor> anchors,
        List<Reason> reasons,
        List<RuleTrace> rules,
        double propensity,
        Optional<String> team,
        double credit) {

    public ScoredCandidate {
        columns = List.copyOf(columns);
        sharedClusters = List.copyOf(sharedClusters);
        terms = List.copyOf(terms);
        models = List.copyOf(models);
        anchors = List.copyOf(anchors);
        reasons = List.copyOf(reasons);
        rules = List.copyOf(rules);
        if (!(propensity > 0 && propensity <= 1)) {
            throw new IllegalArgumentException("propensity must be above 0 and at most 1: " + propensity);
        }
    }

    /** One that no chance placed, and that no team is credited with. */
    public ScoredCandidate(
            EntityId id,
            double score,
            List<ColumnScore> columns,
            List<SharedCluster> sharedClusters,
            List<SharedTerm> terms,
            List<ModelParts> models,
            List<Anchor> anchors,
            List<Reason> reasons,
            List<RuleTrace> rules) {
        this(id, score, columns, sharedClusters, terms, models, anchors, reasons, rules, 1, Optional.empty(), 0);
    }

    public static ScoredCandidate unexplained(EntityId id, double score) {
        return new ScoredCandidate(
                id, score, List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), List.of());
    }

    /** The same candidate where chance took part. */
    public ScoredCandidate placed(double otherPropensity, Optional<String> otherTeam, double otherCredit) {
        return new ScoredCandidate(
                id,
                score,
                columns,
                sharedClusters,
                terms,
                models,
                anchors,
                reasons,
                rules,
                otherPropensity,
                otherTeam,
                otherCredit);
    }

    /**
     * A cluster of both.
     *
     * @param cluster the column's name, such as {@code cluster:17}
     * @param label words for it, or its name where there are none
     * @param share of the sparse inner product, 0 to 1
     */
    public record SharedCluster(String column, String cluster, String label, double share) {}

    /** What a column says to people. */
    public record Reason(String column, String text) {}

    /**
     * A word of both.
     *
     * @param column the column's name
     * @param term as the index has it: folded, and stemmed where the language is
     * @param times it stands in the candidate's text
     * @param documents texts that have it
     * @param part of the column's raw value: the parts of all words sum to that
     */
    public record SharedTerm(String column, String term, int times, int documents, double part) {}

    /**
     * What made a probability: the base and the parts of all features sum to the margin, which the model's calibration turns into it.
     *
     * @param column the column's name
     * @param model its model's name
     * @param base what the model says where nothing is known of features
     * @param features in the model's order
     */
    public record ModelParts(String column, String model, double margin, double base, List<FeaturePart> features) {
        public ModelParts {
            features = List.copyOf(features);
        }
    }

    /**
     * A feature's part of a margin.
     *
     * @param feature as models name it, such as {@code column:twhin}
     * @param value empty where it is missing
     */
    public record FeaturePart(String feature, OptionalDouble value, double part) {}

    /**
     * An entity that people know, near to the candidate: what a dense vector is about.
     *
     * @param similarity its cosine with the candidate
     * @param sourceSimilarity its cosine with the source
     */
    public record Anchor(String column, EntityId id, double similarity, double sourceSimilarity) {}
}
