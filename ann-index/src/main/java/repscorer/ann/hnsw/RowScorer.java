package repscorer.ann.hnsw;

import repscorer.vector.Metric;

/**
 * Scores rows against a query as a search compares them. Scores are those of a metric up to a monotone function that is the same for every pair
 * of rows: the inner product, of the directions under {@link Metric#COSINE}, or minus half the squared distance.
 * Safe for concurrent use with a query each.
 */
abstract sealed class RowScorer permits FloatScorer, LinkRule.DirectionScorer, QuantizedScorer {

    /** Squares of norms within these neither overflow nor vanish. */
    private static final float NORM_MIN = 1e-15f;

    private static final float NORM_MAX = 1e15f;

    final Metric metric;

    RowScorer(Metric metric) {
        this.metric = metric;
    }

    /** Whether a vector of this norm can be compared in float32 and so be reached by a search, or search. */
    static boolean comparable(Metric metric, float norm) {
        return norm <= NORM_MAX && (metric != Metric.COSINE || norm >= NORM_MIN);
    }

    /** Makes a vector the query. */
    abstract void prepare(PreparedQuery query, float[] vector, float norm);

    /** Makes a row the query; what it costs is one row's reading. */
    abstract void prepareRow(PreparedQuery query, int ordinal);

    /** Copies a row as it is scored, so what its code says, or its direction under {@link Metric#COSINE}, to the query's values. */
    abstract void copyRow(PreparedQuery into, int ordinal);

    /** Fetches the first {@code n} rows named into the cache. */
    abstract void prefetch(int[] ordinals, int n);

    /** Scores the first {@code n} rows named; a higher score is closer. */
    abstract void score(PreparedQuery query, int[] ordinals, int n, float[] into);

    /** Memory besides the float32 rows. */
    abstract long bytes();

    /** Whether scores fall with a distance: half its square is {@link #zero} less the score. */
    boolean measuresDistance() {
        return metric != Metric.INNER_PRODUCT;
    }

    /** The score of a vector with itself, where {@link #measuresDistance}. */
    float zero() {
        return metric == Metric.COSINE ? 1 : 0;
    }

    /** A score of {@link #score} as one of the metric's own. */
    float asMetric(float score) {
        return metric == Metric.L2 ? -(float) Math.sqrt(Math.max(0, -2 * score)) : score;
    }

    /** A score of the metric's own as one of {@link #score}. */
    float fromMetric(float score) {
        return metric == Metric.L2 ? -0.5f * score * score : score;
    }

    /** Divides by the norm under {@link Metric#COSINE}, copies otherwise. */
    static void direction(Metric metric, float[] vector, float norm, float[] into) {
        if (metric == Metric.COSINE) {
            for (int i = 0; i < into.length; i++) {
                into[i] = vector[i] / norm;
            }
        } else {
            System.arraycopy(vector, 0, into, 0, into.length);
        }
    }
}
