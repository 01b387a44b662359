package repscorer.ann.sparse;

import repscorer.ann.Neighbors;
import repscorer.ann.SparseIndex;
import repscorer.ann.SparseSearchOptions;
import repscorer.vector.SparseRows;
import repscorer.vector.SparseVector;

/** An inverted index from clusters to their top items. */
public final class ClusterIndex implements SparseIndex {

    private ClusterIndex() {}

    /**
     * Inverts {@code rows}, keeping the strongest {@code itemsPerClusterMax} items of each cluster.
     *
     * @param rows stay where they are and must outlive the index; rescoring reads them
     */
    public static ClusterIndex build(SparseRows rows, int itemsPerClusterMax) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int count() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Neighbors search(SparseVector query, SparseSearchOptions options) {
        throw new UnsupportedOperationException();
    }
}
