package repscorer.ann.hnsw;

import repscorer.vector.DenseRows;
import repscorer.vector.HalfRows;
import repscorer.vector.Metric;

/** Scores answers by better values than those that the search compared. Safe for concurrent use; allocates nothing. */
interface Reranker {

    /** The score of a row against a query: higher is closer. */
    float score(float[] query, float queryNorm, int ordinal);

    /** Fetches the first {@code n} rows named into the cache. */
    void prefetch(int[] ordinals, int n);

    /** The same for one row. */
    void prefetch(int ordinal);

    static Reranker of(DenseRows rows, Metric metric) {
        return new Reranker() {
            @Override
            public float score(float[] query, float queryNorm, int ordinal) {
                return rows.score(metric, query, queryNorm, ordinal);
            }

            @Override
            public void prefetch(int[] ordinals, int n) {
                rows.prefetch(ordinals, n);
            }

            @Override
            public void prefetch(int ordinal) {
                rows.prefetch(ordinal);
            }
        };
    }

    static Reranker of(HalfRows rows) {
        return new Reranker() {
            @Override
            public float score(float[] query, float queryNorm, int ordinal) {
                return rows.score(query, queryNorm, ordinal);
            }

            @Override
            public void prefetch(int[] ordinals, int n) {
                rows.prefetch(ordinals, n);
            }

            @Override
            public void prefetch(int ordinal) {
                rows.prefetch(ordinal);
            }
        };
    }
}
