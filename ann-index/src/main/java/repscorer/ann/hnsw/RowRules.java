package repscorer.ann.hnsw;

import java.util.Arrays;
import repscorer.vector.DenseRows;
import repscorer.vector.Metric;
import repscorer.vector.VectorOps;

/** What a row must be to be indexed. */
final class RowRules {

    /** A row whose norm is more than so many times the median's takes four of eight bits from all others' codes, or more. */
    private static final int OUTLYING_TIMES = 16;

    /** So many rows are set apart for their norm at most. */
    private static final int OUTLYING_MAX = 64;

    private RowRules() {}

    /**
     * The greatest norm of a row that codes are made for: the few beyond it would stretch the scales, and are scored beside the
     * graph. Infinity where scales are none or go by directions. O(rows · log rows).
     */
    static float codedNormMax(DenseRows rows, int count, Metric metric, Quantization quantization) {
        if (quantization == Quantization.NONE || metric == Metric.COSINE) {
            return Float.POSITIVE_INFINITY;
        }
        float[] norms = new float[count];
        int n = 0;
        for (int row = 0; row < count; row++) {
            norms[n] = rows.norm(row);
            n += norms[n] > 0 && RowScorer.comparable(metric, norms[n]) ? 1 : 0;
        }
        Arrays.sort(norms, 0, n);
        return n <= OUTLYING_MAX
                ? Float.POSITIVE_INFINITY
                : Math.max(OUTLYING_TIMES * norms[n / 2], norms[n - 1 - OUTLYING_MAX]);
    }

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
