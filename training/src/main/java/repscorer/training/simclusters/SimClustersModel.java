package repscorer.training.simclusters;

import java.util.Map;
import repscorer.core.entity.EntityKind;
import repscorer.vector.SparseVector;

/**
 * Sparse vectors over communities. Rows are ordinals of the graph; a row without any cluster is
 * {@link SparseVector#EMPTY}. The arrays are shared; nobody writes to them.
 *
 * @param numbers what each column of every vector is known by; a retrained model keeps the numbers of its predecessor
 * @param labels words for clusters, from the topics their members stand out by
 * @param knownFor the column of each producer's community, -1 for none
 * @param knownForScores how central each producer is to its community, 0 to 1
 * @param interests what each user is interested in, norm 1
 * @param producers what the followers of each producer are interested in: cosines of its followers with the clusters'
 *     columns
 * @param insideShare the share of all similarity between producers that lies inside communities
 * @param epochs passes over all producers that the search for communities took
 * @param items what the users engaged with each item are interested in, summed up, by kind
 */
@SuppressWarnings("ArrayRecordComponent") // evaluation and export read the arrays
public record SimClustersModel(
        int[] numbers,
        Map<Integer, String> labels,
        int[] knownFor,
        float[] knownForScores,
        SparseVector[] interests,
        SparseVector[] producers,
        double insideShare,
        int epochs,
        Map<EntityKind, SparseVector[]> items) {

    public SimClustersModel {
        labels = Map.copyOf(labels);
        items = Map.copyOf(items);
    }

    /** How many communities there are: columns 0 to clusters - 1 of every vector. */
    public int clusters() {
        return numbers.length;
    }
}
