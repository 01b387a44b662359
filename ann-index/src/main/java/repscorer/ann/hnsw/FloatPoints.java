package repscorer.ann.hnsw;

import repscorer.vector.DenseRows;
import repscorer.vector.Metric;

/** The float32 rows themselves, read where they are; under cosine with one over the norm of each beside them. */
final class FloatPoints extends Points {

    private final DenseRows rows;
    private final Metric metric;
    private final float[] inverseNorms;

    FloatPoints(DenseRows rows, Metric metric) {
        this.rows = rows;
        this.metric = metric;
        this.inverseNorms = new float[metric == Metric.COSINE ? rows.count() : 0];
        for (int row = 0; row < inverseNorms.length; row++) {
            inverseNorms[row] = 1 / rows.norm(row);
        }
    }

    @Override
    void prepare(PointQuery query, float[] vector, float norm) {
        direction(metric, vector, norm, query.values);
    }

    @Override
    void prepareRow(PointQuery query, int ordinal) {
        rows.copyRow(ordinal, query.values);
        direction(metric, query.values, rows.norm(ordinal), query.values);
    }

    @Override
    int touch(int[] ordinals, int n) {
        return rows.touch(ordinals, n);
    }

    @Override
    void score(PointQuery query, int[] ordinals, int n, float[] into) {
        switch (metric) {
            case COSINE -> {
                rows.dots(query.values, ordinals, n, into);
                for (int i = 0; i < n; i++) {
                    into[i] *= inverseNorms[ordinals[i]];
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
        return 4L * inverseNorms.length;
    }
}
