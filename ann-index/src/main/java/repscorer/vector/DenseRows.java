package repscorer.vector;

import java.lang.foreign.MemorySegment;

/**
 * {@code count × dimension} float32 values, row-major and little-endian, in memory off the heap or mapped from a file,
 * with the Euclidean norm of every row beside them. Immutable, safe for concurrent use.
 */
public final class DenseRows {

    private final MemorySegment values;
    private final MemorySegment norms;
    private final int count;
    private final int dimension;

    private DenseRows(MemorySegment values, MemorySegment norms, int count, int dimension) {
        this.values = values;
        this.norms = norms;
        this.count = count;
        this.dimension = dimension;
    }

    /**
     * Wraps memory that the caller keeps alive and unchanged.
     *
     * @param values count × dimension little-endian floats
     * @param norms count little-endian floats
     * @throws IllegalArgumentException when a segment has another size
     */
    public static DenseRows of(MemorySegment values, MemorySegment norms, int count, int dimension) {
        throw new UnsupportedOperationException();
    }

    /** Copies rows of equal length off the heap; the memory is freed when the result becomes unreachable. */
    public static DenseRows copyOf(float[][] rows) {
        throw new UnsupportedOperationException();
    }

    public int count() {
        return count;
    }

    public int dimension() {
        return dimension;
    }

    /** The Euclidean norm of a row. */
    public float norm(int ordinal) {
        throw new UnsupportedOperationException();
    }

    /** A copy of a row. */
    public float[] row(int ordinal) {
        throw new UnsupportedOperationException();
    }

    /** Copies a row into the first {@code dimension} places of {@code into}. */
    public void copyRow(int ordinal, float[] into) {
        throw new UnsupportedOperationException();
    }

    /**
     * The score of a row against a query.
     *
     * @param queryNorm the query's norm, used by {@link Metric#COSINE} only
     */
    public float score(Metric metric, float[] query, float queryNorm, int ordinal) {
        throw new UnsupportedOperationException();
    }
}
