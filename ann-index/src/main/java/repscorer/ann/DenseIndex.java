package repscorer.ann;

import repscorer.vector.Metric;

/** Finds the nearest rows to a dense query. Immutable once built; safe for concurrent searches. */
public interface DenseIndex extends AutoCloseable {

    /** The engine's name in configuration and metrics, such as {@code "exact"} or {@code "hnsw"}. */
    String engine();

    Metric metric();

    int dimension();

    int count();

    /**
     * The best rows by score, best first, ties by ascending ordinal.
     *
     * <p>Answers {@code options.k()} rows unless fewer are accepted by the filter and the least score; then it answers
     * all of those.
     *
     * @param query as many finite values as {@link #dimension()}; read, not kept
     * @throws IllegalArgumentException when the dimension differs, a value is not finite, or the query is zero under
     *     {@link Metric#COSINE}
     */
    Neighbors search(float[] query, SearchOptions options);

    @Override
    default void close() {}
}
