package repscorer.core;

import java.util.List;
import repscorer.core.entity.EntityId;

/**
 * One ranked candidate.
 *
 * @param columns every column of the plan in its order; empty unless the request asked to explain
 * @param sharedClusters the clusters that source and candidate share, strongest first; empty unless asked to explain
 */
public record ScoredCandidate(
        EntityId id, double score, List<ColumnScore> columns, List<SharedCluster> sharedClusters) {

    public ScoredCandidate {
        columns = List.copyOf(columns);
        sharedClusters = List.copyOf(sharedClusters);
    }

    /**
     * @param cluster the column's name, such as {@code cluster:17}
     * @param label words for it, or its name where there are none
     * @param share of the sparse inner product, 0 to 1
     */
    public record SharedCluster(String column, String cluster, String label, double share) {}
}
