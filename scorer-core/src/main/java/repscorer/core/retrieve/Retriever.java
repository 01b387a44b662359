package repscorer.core.retrieve;

import repscorer.ann.DenseIndex;
import repscorer.ann.Neighbors;
import repscorer.ann.SearchOptions;
import repscorer.ann.SearchStats;
import repscorer.ann.SearchStats.Plan;
import repscorer.ann.SparseIndex;
import repscorer.ann.SparseSearchOptions;
import repscorer.core.store.SpaceVersion;
import repscorer.vector.Metric;
import repscorer.vector.SparseVector;

/** Finds candidates in one space version. Immutable, safe for concurrent use. */
public final class Retriever {

    private final SpaceVersion version;

    public Retriever(SpaceVersion version) {
        this.version = version;
    }

    /**
     * The best rows of a dense space by its own metric; none for a query without a direction where that is a cosine.
     *
     * @throws IllegalStateException for a sparse space
     */
    public Neighbors dense(float[] query, SearchOptions options) {
        DenseIndex index = version.dense()
                .orElseThrow(() -> new IllegalStateException(
                        "not a dense space: " + version.space().name()));
        if (index.count() == 0 || (index.metric() == Metric.COSINE && isZero(query))) {
            return nothing(Plan.EXACT);
        }
        return index.search(query, options);
    }

    /**
     * The best rows of a sparse space through its clusters.
     *
     * @throws IllegalStateException for a dense space or one without an index
     */
    public Neighbors sparse(SparseVector query, SparseSearchOptions options) {
        SparseIndex index = version.sparse()
                .orElseThrow(() -> new IllegalStateException(
                        "not an indexed sparse space: " + version.space().name()));
        return query.isEmpty() ? nothing(Plan.CLUSTERS) : index.search(query, options);
    }

    private static boolean isZero(float[] query) {
        for (float value : query) {
            if (value != 0) {
                return false;
            }
        }
        return true;
    }

    private static Neighbors nothing(Plan plan) {
        return new Neighbors(new int[0], new float[0], new SearchStats(plan, 0, 0));
    }
}
