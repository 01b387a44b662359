package repscorer.training.simclusters;

import java.util.Map;
import repscorer.core.entity.EntityKind;
import repscorer.vector.SparseVector;

/**
 * Sparse vectors over communities. Rows are ordinals of the graph; a row without any cluster is
 * {@link SparseVector#EMPTY}. The arrays are shared; nobody writes to them.
 *
 * @param clusters how many communities there are: columns 0 to clusters - 1 of every vector
 * @param labels words for clusters, from the topics their members stand out by
 * @param knownFor the community of each producer, -1 for none
 * @param knownForScores how central each producer is to its community, 0 to 1
 * @param interests what each user is interested in, norm 1
 * @param producers what the followers of each producer are interested in: cosines of its followers with the clusters'
 *     columns
 * @param items what the users engaged with each item are interested in, summed up, by kind
 */
@SuppressWarnings("ArrayRecordComponent") // evaluation and export read the arrays
public record SimClustersModel(
        int clusters,
        Map<Integer, String> labels,
        int[] knownFor,
        float[] knownForScores,
        SparseVector[] interests,
        SparseVector[] producers,
        Map<EntityKind, SparseVector[]> items) {

    public SimClustersModel {
        labels = Map.copyOf(labels);
        items = Map.copyOf(items);
    }
}
