package repscorer.vector;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Objects;
import repscorer.os.OffHeap;
import repscorer.os.Prefetch;

/**
 * {@code count × dimension} values in half precision (IEEE 754 binary16), in one block off the heap: eleven bits of each, half
 * the memory of float32. For one metric; under {@link Metric#COSINE} rows are kept at length 1. A row is filled by one thread before
 * others are told of it; then safe for concurrent reading.
 */
public final class HalfRows {

    /** The greatest value, either sign, that does not become infinite. */
    public static final float VALUE_MAX = 65_504;

    private static final ValueLayout.OfShort HALF = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final MemorySegment values;
    private final Metric metric;
    private final int count;
    private final int dimension;
    private final long rowBytes;

    private HalfRows(MemorySegment values, Metric metric, int count, int dimension) {
        this.values = values;
        this.metric = metric;
        this.count = count;
        this.dimension = dimension;
        this.rowBytes = 2L * dimension;
    }

    /**
     * Rounds rows; the memory is freed with the arena.
     *
     * @throws IllegalArgumentException when a value is beyond {@link #VALUE_MAX}, but for cosine; the message names the row
     */
    public static HalfRows copyOf(DenseRows rows, Metric metric, Arena arena) {
        int dimension = rows.dimension();
        HalfRows halves =
                new HalfRows(OffHeap.allocate(bytes(rows.count(), dimension), arena), metric, rows.count(), dimension);
        float[] row = new float[dimension];
        for (int ordinal = 0; ordinal < rows.count(); ordinal++) {
            rows.copyRow(ordinal, row);
            float length = metric == Metric.COSINE ? rows.norm(ordinal) : 1;
            for (int i = 0; i < dimension; i++) {
                float value = length == 0 ? 0 : row[i] / length;
                if (Math.abs(value) > VALUE_MAX) {
                    throw new IllegalArgumentException(
                            "float16 holds values to %s: row %s has %s".formatted(VALUE_MAX, ordinal, value));
                }
                halves.values.set(HALF, halves.rowBytes * ordinal + 2L * i, Float.floatToFloat16(value));
            }
        }
        return halves;
    }

    /**
     * Rows in memory that the caller keeps alive, as {@link #values} gave it.
     *
     * @throws IllegalArgumentException when the segment has another size
     */
    public static HalfRows of(MemorySegment values, Metric metric, int count, int dimension) {
        if (values.byteSize() != bytes(count, dimension)) {
            throw new IllegalArgumentException(
                    "segment of float16 values has another size: %s rows of dimension %s need %s bytes, got %s"
                            .formatted(count, dimension, bytes(count, dimension), values.byteSize()));
        }
        return new HalfRows(values, metric, count, dimension);
    }

    /** The memory that so many rows take. */
    public static long bytes(int count, int dimension) {
        return 2L * count * dimension;
    }

    /** The memory itself, to be written to a file. */
    public MemorySegment values() {
        return values;
    }

    /**
     * The score of a row against a query: higher is closer. O(dimension), allocates nothing.
     *
     * @param query of this dimension
     * @param queryNorm the query's norm, above 0, used by {@link Metric#COSINE} only
     * @throws IndexOutOfBoundsException when there is no such row
     */
    public float score(float[] query, float queryNorm, int ordinal) {
        Objects.checkIndex(ordinal, count);
        return switch (metric) {
            case COSINE -> VectorOps.clampCosine(dot(query, ordinal) / queryNorm);
            case INNER_PRODUCT -> dot(query, ordinal);
            case L2 -> -(float) Math.sqrt(squaredL2(query, ordinal));
        };
    }

    private float dot(float[] query, int ordinal) {
        MemorySegment local = values;
        long at = rowBytes * ordinal;
        float sum = 0;
        float other = 0;
        int i = 0;
        for (; i + 1 < dimension; i += 2) {
            sum += query[i] * Float.float16ToFloat(local.get(HALF, at + 2L * i));
            other += query[i + 1] * Float.float16ToFloat(local.get(HALF, at + 2L * i + 2));
        }
        return i < dimension
                ? sum + other + query[i] * Float.float16ToFloat(local.get(HALF, at + 2L * i))
                : sum + other;
    }

    private float squaredL2(float[] query, int ordinal) {
        MemorySegment local = values;
        long at = rowBytes * ordinal;
        float sum = 0;
        for (int i = 0; i < dimension; i++) {
            float difference = query[i] - Float.float16ToFloat(local.get(HALF, at + 2L * i));
            sum += difference * difference;
        }
        return sum;
    }

    /** Fetches the first {@code n} rows named into the cache, all at once rather than one after the other. */
    public void prefetch(int[] ordinals, int n) {
        Prefetch.rows(values, rowBytes, ordinals, n);
    }

    /** The same for one row. */
    public void prefetch(int ordinal) {
        Prefetch.range(values, rowBytes * ordinal, rowBytes);
    }
}
