package repscorer.core.answer;

import java.util.List;
import repscorer.core.entity.EntityId;

/**
 * One ranked candidate. All lists are empty unless the request asked to explain.
 *
 * @param score the sum of the columns' contributions and of what rules changed
 * @param columns every column of the plan in its order
 * @param sharedClusters the clusters that source and candidate share, strongest first
 * @param anchors the named entities nearest to the candidate on the dense side, nearest first
 * @param rules what rules did to it, in their order
 */
public record ScoredCandidate(
        EntityId id,
        double score,
        List<ColumnScore> columns,
        List<SharedCluster> sharedClusters,
        List<Anchor> anchors,
        List<RuleTrace> rules) {

    public ScoredCandidate {
        columns = List.copyOf(columns);
        sharedClusters = List.copyOf(sharedClusters);
        anchors = List.copyOf(anchors);
        rules = List.copyOf(rules);
    }

    public static ScoredCandidate unexplained(EntityId id, double score) {
        return new ScoredCandidate(id, score, List.of(), List.of(), List.of(), List.of());
    }

    /**
     * A cluster of both.
     *
     * @param cluster the column's name, such as {@code cluster:17}
     * @param label words for it, or its name where there are none
     * @param share of the sparse inner product, 0 to 1
     */
    public record SharedCluster(String column, String cluster, String label, double share) {}

    /**
     * An entity that people know, near to the candidate: what a dense vector is about.
     *
     * @param similarity its cosine with the candidate
     * @param sourceSimilarity its cosine with the source
     */
    public record Anchor(String column, EntityId id, double similarity, double sourceSimilarity) {}
}
