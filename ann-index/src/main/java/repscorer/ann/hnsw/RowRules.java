package repscorer.ann.hnsw;

import repscorer.vector.DenseRows;
import repscorer.vector.Metric;
import repscorer.vector.VectorOps;

/** What a row must be to be indexed. */
final class RowRules {

    private RowRules() {}

    /**
     * @throws IllegalArgumentException when a value is not finite, or the row is zero under {@link Metric#COSINE}; the
     *     message names the row
     */
    static void check(DenseRows rows, Metric metric, int row) {
        float norm = rows.norm(row);
        if (!Float.isFinite(norm) || (norm == 0 && metric == Metric.COSINE)) {
            check(rows.row(row), metric, "row " + row);
        }
    }

    /** The same of one vector, with a name for it; answers its norm. */
    static float check(float[] vector, Metric metric, String name) {
        float norm = VectorOps.norm(vector);
        if (!Float.isFinite(norm)) {
            for (int i = 0; i < vector.length; i++) {
                if (!Float.isFinite(vector[i])) {
                    throw new IllegalArgumentException("values must be finite: %s at place %s of %s (%s)"
                            .formatted(vector[i], i, vector.length, name));
                }
            }
        }
        if (norm == 0 && metric == Metric.COSINE) {
            throw new IllegalArgumentException(
                    "a vector under COSINE must not be zero: all %s values are 0 (%s)".formatted(vector.length, name));
        }
        return norm;
    }
}
