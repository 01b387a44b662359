package repscorer.vector;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import repscorer.os.OffHeap;
import repscorer.os.Prefetch;

/**
 * {@code count × dimension} signed bytes in one block off the heap: rows cut down to a byte a value, to be searched rather
 * than answered. A row is filled by one thread before others are told of it; then safe for concurrent reading.
 */
public final class ByteRows {

    /*
     * A row takes the dimension rounded up to 32 bytes; the places after it hold zeros, so a kernel needs no tail. The block
     * starts on a cache line, and so do rows of a multiple of 64 bytes.
     */

    /** Rows are padded to a multiple of this, which every vector register divides. */
    static final int PAD = 32;

    /** The greatest value of a query, either sign: four products with a byte then fit into 16 bits. */
    public static final int QUERY_MAX = 63;

    private final MemorySegment values;
    private final int count;
    private final int dimension;
    private final long stride;

    private ByteRows(MemorySegment values, int count, int dimension) {
        this.values = values;
        this.count = count;
        this.dimension = dimension;
        this.stride = stride(dimension);
    }

    /** Rows of zeros, freed with the arena. */
    public static ByteRows allocate(int count, int dimension, Arena arena) {
        return new ByteRows(OffHeap.allocate(bytes(count, dimension), arena), count, dimension);
    }

    /**
     * Rows in memory that the caller keeps alive.
     *
     * @param values {@link #bytes} long, rows padded with zeros
     * @throws IllegalArgumentException when the segment has another size
     */
    public static ByteRows of(MemorySegment values, int count, int dimension) {
        if (values.byteSize() != bytes(count, dimension)) {
            throw new IllegalArgumentException(
                    "segment of codes has another size: %s rows of dimension %s need %s bytes, got %s"
                            .formatted(count, dimension, bytes(count, dimension), values.byteSize()));
        }
        return new ByteRows(values, count, dimension);
    }

    /** How many values a query has: the dimension, padded. */
    public static int stride(int dimension) {
        return Math.ceilDiv(dimension, PAD) * PAD;
    }

    /** The memory that so many rows take. */
    public static long bytes(int count, int dimension) {
        return (long) count * stride(dimension);
    }

    public int count() {
        return count;
    }

    public int dimension() {
        return dimension;
    }

    /** The memory itself, to be written to a file. */
    public MemorySegment values() {
        return values;
    }

    /**
     * Sets a row.
     *
     * @param row its first {@code dimension} values are read
     */
    public void set(int ordinal, byte[] row) {
        MemorySegment.copy(row, 0, values, ValueLayout.JAVA_BYTE, stride * ordinal, dimension);
    }

    /** Copies a row into the first {@code dimension} places of {@code into}. */
    public void copyRow(int ordinal, byte[] into) {
        MemorySegment.copy(values, ValueLayout.JAVA_BYTE, stride * ordinal, into, 0, dimension);
    }

    /**
     * The inner products of a query with the first {@code n} of {@code ordinals}. O(n · dimension), allocates nothing.
     *
     * @param query {@link #stride} values within ±{@link #QUERY_MAX}, zeros after the dimension
     * @param into takes the {@code n} results
     * @throws IndexOutOfBoundsException when there is no such row
     */
    public void dots(short[] query, int[] ordinals, int n, int[] into) {
        if (query.length != stride) {
            throw new IllegalArgumentException("dimension differs: a row takes " + stride + ", got " + query.length);
        }
        VectorOps.KERNELS.dots(query, values, ordinals, n, into);
    }

    /** Fetches the first {@code n} rows named into the cache, all at once rather than one after the other. */
    public void prefetch(int[] ordinals, int n) {
        Prefetch.rows(values, stride, ordinals, n);
    }
}
