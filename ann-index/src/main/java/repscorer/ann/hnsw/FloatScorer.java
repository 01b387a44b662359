package repscorer.ann.hnsw;

import repscorer.vector.DenseRows;
import repscorer.vector.Metric;

/** Scores the float32 rows themselves, read where they are. */
final class FloatScorer extends RowScorer {

    private final DenseRows rows;

    FloatScorer(DenseRows rows, Metric metric) {
        super(metric);
        this.rows = rows;
    }

    @Override
    void prepare(PreparedQuery query, float[] vector, float norm) {
        direction(metric, vector, norm, query.values);
    }

    @Override
    void prepareRow(PreparedQuery query, int ordinal) {
        copyRow(query, ordinal);
    }

    @Override
    void copyRow(PreparedQuery into, int ordinal) {
        rows.copyRow(ordinal, into.values);
        direction(metric, into.values, rows.norm(ordinal), into.values);
    }

    @Override
    void prefetch(int[] ordinals, int n) {
        rows.prefetch(ordinals, n);
    }

    @Override
    void score(PreparedQuery query, int[] ordinals, int n, float[] into) {
        switch (metric) {
            case COSINE -> {
                rows.dots(query.values, ordinals, n, into);
                for (int i = 0; i < n; i++) {
                    into[i] /= rows.norm(ordinals[i]);
                }
            }
            case INNER_PRODUCT -> rows.dots(query.values, ordinals, n, into);
            case L2 -> {
                rows.squaredL2s(query.values, ordinals, n, into);
                for (int i = 0; i < n; i++) {
                    into[i] *= -0.5f;
                }
            }
        }
    }

    @Override
    long bytes() {
        return 0;
    }
}
