package repscorer.vector;

/**
 * How two dense vectors are compared. Every metric yields a <em>score</em>: higher is closer.
 */
public enum Metric {
    /** {@code a·b / (|a||b|)}, in [-1, 1]. Undefined for zero vectors, which a cosine space refuses. */
    COSINE,
    /** {@code a·b}, unbounded. Not a metric: a vector need not be its own best match. */
    INNER_PRODUCT,
    /** {@code -|a - b|}, the negated Euclidean distance, at most 0. */
    L2
}
