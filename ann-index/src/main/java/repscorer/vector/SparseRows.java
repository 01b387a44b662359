package repscorer.vector;

import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * Sparse rows in compressed form (offsets, columns, weights), off the heap or mapped from a file. Columns ascend within
 * a row. Immutable, safe for concurrent use.
 */
public final class SparseRows {

    private final MemorySegment offsets;
    private final MemorySegment columns;
    private final MemorySegment weights;
    private final int count;

    private SparseRows(MemorySegment offsets, MemorySegment columns, MemorySegment weights, int count) {
        this.offsets = offsets;
        this.columns = columns;
        this.weights = weights;
        this.count = count;
    }

    /**
     * Wraps memory that the caller keeps alive and unchanged.
     *
     * @param offsets count + 1 little-endian longs: row r holds entries offsets[r] to offsets[r + 1]
     * @param columns one little-endian int per entry
     * @param weights one little-endian float per entry
     * @throws IllegalArgumentException when the sizes do not fit together
     */
    public static SparseRows of(MemorySegment offsets, MemorySegment columns, MemorySegment weights, int count) {
        throw new UnsupportedOperationException();
    }

    /** Copies rows off the heap; the memory is freed when the result becomes unreachable. */
    public static SparseRows copyOf(List<SparseVector> rows) {
        throw new UnsupportedOperationException();
    }

    public int count() {
        return count;
    }

    /** All entries of all rows. */
    public long entries() {
        throw new UnsupportedOperationException();
    }

    /** How many entries a row has. */
    public int size(int ordinal) {
        throw new UnsupportedOperationException();
    }

    /** The column of the {@code i}-th entry of a row. */
    public int column(int ordinal, int i) {
        throw new UnsupportedOperationException();
    }

    /** The weight of the {@code i}-th entry of a row. */
    public float weight(int ordinal, int i) {
        throw new UnsupportedOperationException();
    }

    /** A copy of a row. */
    public SparseVector row(int ordinal) {
        throw new UnsupportedOperationException();
    }
}
