package repscorer.benchmarks.engines;

import repscorer.vector.Metric;
import repscorer.vector.VectorOps;

/** Cosine as peers want it: the inner product of vectors of length one. */
final class UnitVectors {

    private UnitVectors() {}

    /** Scales the rows in place under {@link Metric#COSINE}, and does nothing else. */
    static void scale(float[][] rows, Metric metric) {
        if (metric == Metric.COSINE) {
            for (float[] row : rows) {
                scale(row, row);
            }
        }
    }

    /** Scales {@code from} into {@code into}, which may be the same. */
    static void scale(float[] from, float[] into) {
        float factor = 1 / VectorOps.norm(from);
        for (int i = 0; i < from.length; i++) {
            into[i] = from[i] * factor;
        }
    }
}
