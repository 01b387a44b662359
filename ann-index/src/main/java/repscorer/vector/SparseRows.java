package repscorer.vector;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Objects;
import repscorer.os.Prefetch;

/**
 * Sparse rows in compressed form (offsets, columns, weights), off the heap or mapped from a file. Columns ascend within
 * a row. Immutable, safe for concurrent use.
 */
public final class SparseRows {

    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final long ALIGNMENT = 64;
    private static final int ENTRIES_PER_LINE = 16;

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
     * Wraps memory that the caller keeps alive and unchanged. Reads the offsets, O(count), and trusts the entries: that
     * columns ascend and weights are positive is for whoever wrote them to check.
     *
     * @param offsets count + 1 little-endian longs: row r holds entries offsets[r] to offsets[r + 1]
     * @param columns one little-endian int per entry
     * @param weights one little-endian float per entry
     * @throws IllegalArgumentException when the sizes do not fit together
     */
    public static SparseRows of(MemorySegment offsets, MemorySegment columns, MemorySegment weights, int count) {
        if (count < 0) {
            throw new IllegalArgumentException("count must not be negative: " + count);
        }
        if (offsets.byteSize() != 8L * (count + 1L)) {
            throw new IllegalArgumentException("segment of offsets has another size: " + count + " rows need "
                    + 8L * (count + 1L) + " bytes, got " + offsets.byteSize());
        }
        long before = offsets.get(LONG, 0);
        if (before != 0) {
            throw new IllegalArgumentException("offsets must start at 0: " + before);
        }
        for (int row = 0; row < count; row++) {
            long after = offsets.get(LONG, 8L * (row + 1L));
            if (after < before || after - before > Integer.MAX_VALUE) {
                throw new IllegalArgumentException(
                        "offsets must ascend: " + before + " then " + after + " (row " + row + ")");
            }
            before = after;
        }
        checkBytes("columns", columns, before);
        checkBytes("weights", weights, before);
        return new SparseRows(offsets.asReadOnly(), columns.asReadOnly(), weights.asReadOnly(), count);
    }

    /** Copies rows off the heap; the memory is freed when the result becomes unreachable. */
    public static SparseRows copyOf(List<SparseVector> rows) {
        int count = rows.size();
        long entries = 0;
        for (SparseVector row : rows) {
            entries += row.size();
        }
        Arena arena = Arena.ofAuto();
        MemorySegment offsets = arena.allocate(8L * (count + 1L), ALIGNMENT);
        MemorySegment columns = arena.allocate(4L * entries, ALIGNMENT);
        MemorySegment weights = arena.allocate(4L * entries, ALIGNMENT);
        long entry = 0;
        int ordinal = 0;
        for (SparseVector row : rows) {
            MemorySegment.copy(row.columns(), 0, columns, INT, 4L * entry, row.size());
            MemorySegment.copy(row.weights(), 0, weights, ScalarKernels.FLOAT, 4L * entry, row.size());
            entry += row.size();
            ordinal++;
            offsets.set(LONG, 8L * ordinal, entry);
        }
        return of(offsets, columns, weights, count);
    }

    private static void checkBytes(String name, MemorySegment segment, long entries) {
        if (segment.byteSize() != 4 * entries) {
            throw new IllegalArgumentException("segment of " + name + " has another size: " + entries + " entries need "
                    + 4 * entries + " bytes, got " + segment.byteSize());
        }
    }

    public int count() {
        return count;
    }

    /** All entries of all rows. */
    public long entries() {
        return offsets.get(LONG, 8L * count);
    }

    /**
     * How many entries a row has.
     *
     * @throws IndexOutOfBoundsException when there is no such row
     */
    public int size(int ordinal) {
        long from = from(ordinal);
        return (int) (offsets.get(LONG, 8L * (ordinal + 1L)) - from);
    }

    /**
     * The column of the {@code i}-th entry of a row.
     *
     * @throws IndexOutOfBoundsException when there is no such row or entry
     */
    public int column(int ordinal, int i) {
        Objects.checkIndex(i, size(ordinal));
        return columns.get(INT, 4L * (from(ordinal) + i));
    }

    /**
     * The weight of the {@code i}-th entry of a row.
     *
     * @throws IndexOutOfBoundsException when there is no such row or entry
     */
    public float weight(int ordinal, int i) {
        Objects.checkIndex(i, size(ordinal));
        return weights.get(ScalarKernels.FLOAT, 4L * (from(ordinal) + i));
    }

    /**
     * A copy of a row.
     *
     * @throws IndexOutOfBoundsException when there is no such row
     */
    public SparseVector row(int ordinal) {
        int size = size(ordinal);
        int[] rowColumns = new int[size];
        float[] rowWeights = new float[size];
        copyRow(ordinal, rowColumns, rowWeights);
        return new SparseVector(rowColumns, rowWeights);
    }

    /**
     * Copies a row into the front of two arrays and answers its size. Allocates nothing.
     *
     * @throws IndexOutOfBoundsException when there is no such row or an array is too short
     */
    public int copyRow(int ordinal, int[] intoColumns, float[] intoWeights) {
        long from = from(ordinal);
        int size = (int) (offsets.get(LONG, 8L * (ordinal + 1L)) - from);
        MemorySegment.copy(columns, INT, 4L * from, intoColumns, 0, size);
        MemorySegment.copy(weights, ScalarKernels.FLOAT, 4L * from, intoWeights, 0, size);
        return size;
    }

    /**
     * Reads an entry of every cache line of the first {@code n} rows named, so that what is not in the cache comes all at once
     * rather than one row after the other: for rows that are scored right after.
     *
     * @throws IndexOutOfBoundsException when there is no such row
     */
    public void fetch(int[] ordinals, int n) {
        int sum = 0;
        for (int i = 0; i < n; i++) {
            sum += (int) offsets.get(LONG, 8L * ordinals[i]);
        }
        for (int i = 0; i < n; i++) {
            long from = offsets.get(LONG, 8L * ordinals[i]);
            long to = offsets.get(LONG, 8L * ordinals[i] + 8);
            for (long entry = from; entry < to; entry += ENTRIES_PER_LINE) {
                sum += columns.get(INT, 4 * entry) + weights.get(INT, 4 * entry);
            }
        }
        Prefetch.use(sum);
    }

    /** Where a row's entries begin among those of all rows. */
    long from(int ordinal) {
        Objects.checkIndex(ordinal, count);
        return offsets.get(LONG, 8L * ordinal);
    }

    /** Where a row's entries end. */
    long to(int ordinal) {
        return offsets.get(LONG, 8L * ordinal + 8);
    }

    /** The place of a row's entry in a column among those of all rows, or a number below 0. O(log entries of the row). */
    long entry(int ordinal, int column) {
        long low = from(ordinal);
        long high = to(ordinal) - 1;
        while (low <= high) {
            long middle = (low + high) >>> 1;
            int there = columnAt(middle);
            if (there == column) {
                return middle;
            }
            if (there < column) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -1;
    }

    /** The column of an entry, by its place among those of all rows. */
    int columnAt(long entry) {
        return columns.get(INT, 4 * entry);
    }

    /** The weight of an entry, by its place among those of all rows. */
    float weightAt(long entry) {
        return weights.get(ScalarKernels.FLOAT, 4 * entry);
    }
}
