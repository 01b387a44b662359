package repscorer.core;

import repscorer.core.similarity.DensePairs;
import repscorer.core.similarity.SparsePairs;
import repscorer.core.store.SpaceVersion;
import repscorer.vector.DenseRows;
import repscorer.vector.SparseRows;

/**
 * The source that pairs hold against the rows of one version, its base's and those streamed in since. Allocates nothing per
 * pair. For one thread.
 */
@FunctionalInterface
interface RowPairs {

    /** @param ordinal of a live row */
    double score(int ordinal);

    static RowPairs dense(DensePairs pairs, SpaceVersion version) {
        DenseRows base = version.file().denseRows();
        if (!version.changed()) {
            return ordinal -> pairs.score(base, ordinal);
        }
        float[] row = new float[base.dimension()];
        return ordinal -> {
            if (ordinal < base.count()) {
                return pairs.score(base, ordinal);
            }
            version.copyDense(ordinal, row);
            return pairs.score(row);
        };
    }

    static RowPairs sparse(SparsePairs pairs, SpaceVersion version) {
        SparseRows base = version.file().sparseRows();
        return ordinal -> ordinal < base.count() ? pairs.score(base, ordinal) : pairs.score(version.sparse(ordinal));
    }
}
