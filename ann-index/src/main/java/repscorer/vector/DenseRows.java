package repscorer.vector;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import repscorer.os.OffHeap;
import repscorer.os.Prefetch;

/**
 * {@code count × dimension} float32 values, row-major and little-endian, in memory off the heap or mapped from a file,
 * with the Euclidean norm of every row beside them. Immutable, safe for concurrent use.
 */
public final class DenseRows {

    /** Rows start on a cache line when the dimension is a multiple of 16. */
    private static final long ALIGNMENT = 64;

    private final MemorySegment values;
    private final MemorySegment norms;
    private final int count;
    private final int dimension;
    private final long rowBytes;

    private DenseRows(MemorySegment values, MemorySegment norms, int count, int dimension) {
        this.values = values;
        this.norms = norms;
        this.count = count;
        this.dimension = dimension;
        this.rowBytes = 4L * dimension;
    }

    /**
     * Wraps memory that the caller keeps alive and unchanged.
     *
     * @param values count × dimension little-endian floats
     * @param norms count little-endian floats
     * @throws IllegalArgumentException when a segment has another size
     */
    public static DenseRows of(MemorySegment values, MemorySegment norms, int count, int dimension) {
        if (count < 0 || dimension < 0 || (dimension == 0 && count > 0)) {
            throw new IllegalArgumentException(
                    "count must not be negative and dimension at least 1: " + count + " and " + dimension);
        }
        checkBytes("values", values, 4L * dimension * count, count, dimension);
        checkBytes("norms", norms, 4L * count, count, dimension);
        return new DenseRows(values.asReadOnly(), norms.asReadOnly(), count, dimension);
    }

    /**
     * Copies rows of equal length off the heap; the memory is freed when the result becomes unreachable.
     *
     * @param rows n × d; without rows the dimension is 0
     * @throws IllegalArgumentException when a row differs in length from the first, or is empty
     */
    public static DenseRows copyOf(float[][] rows) {
        int count = rows.length;
        int dimension = count == 0 ? 0 : rows[0].length;
        for (int row = 0; row < count; row++) {
            if (rows[row].length != dimension || dimension == 0) {
                throw new IllegalArgumentException("rows must be of one length, at least 1: row " + row + " has "
                        + rows[row].length + " values, row 0 has " + dimension);
            }
        }
        Arena arena = Arena.ofAuto();
        MemorySegment values = OffHeap.allocate(4L * dimension * count, arena);
        MemorySegment norms = OffHeap.allocate(4L * count, arena);
        for (int row = 0; row < count; row++) {
            MemorySegment.copy(rows[row], 0, values, ScalarKernels.FLOAT, 4L * dimension * row, dimension);
            norms.set(ScalarKernels.FLOAT, 4L * row, VectorOps.norm(rows[row]));
        }
        return of(values, norms, count, dimension);
    }

    private static void checkBytes(String name, MemorySegment segment, long expected, int count, int dimension) {
        if (segment.byteSize() != expected) {
            throw new IllegalArgumentException("segment of " + name + " has another size: " + count
                    + " rows of dimension " + dimension + " need " + expected + " bytes, got " + segment.byteSize());
        }
    }

    public int count() {
        return count;
    }

    public int dimension() {
        return dimension;
    }

    /**
     * The Euclidean norm of a row.
     *
     * @throws IndexOutOfBoundsException when there is no such row
     */
    public float norm(int ordinal) {
        Objects.checkIndex(ordinal, count);
        return norms.get(ScalarKernels.FLOAT, 4L * ordinal);
    }

    /**
     * A copy of a row.
     *
     * @throws IndexOutOfBoundsException when there is no such row
     */
    public float[] row(int ordinal) {
        float[] row = new float[dimension];
        copyRow(ordinal, row);
        return row;
    }

    /**
     * Copies a row into the first {@code dimension} places of {@code into}.
     *
     * @throws IndexOutOfBoundsException when there is no such row
     * @throws IllegalArgumentException when the array is too short
     */
    public void copyRow(int ordinal, float[] into) {
        Objects.checkIndex(ordinal, count);
        if (into.length < dimension) {
            throw new IllegalArgumentException(
                    "array too short for a row: dimension " + dimension + ", length " + into.length);
        }
        MemorySegment.copy(values, ScalarKernels.FLOAT, rowBytes * ordinal, into, 0, dimension);
    }

    /**
     * The score of a row against a query: higher is closer. O(dimension), allocates nothing.
     *
     * @param query of this dimension
     * @param queryNorm the query's norm, used by {@link Metric#COSINE} only
     * @return a cosine of 0 where either vector is zero
     * @throws IndexOutOfBoundsException when there is no such row
     * @throws IllegalArgumentException when the query has another dimension
     */
    public float score(Metric metric, float[] query, float queryNorm, int ordinal) {
        Objects.checkIndex(ordinal, count);
        checkDimension(query);
        long at = rowBytes * ordinal;
        return switch (metric) {
            case COSINE -> cosine(query, queryNorm, ordinal, VectorOps.KERNELS.dot(query, values, at));
            case INNER_PRODUCT -> {
                float dot = VectorOps.KERNELS.dot(query, values, at);
                yield Float.isFinite(dot) ? dot : (float) dotExactly(query, at);
            }
            case L2 -> l2(query, VectorOps.KERNELS.squaredL2(query, values, at), at);
        };
    }

    /**
     * The scores of the first {@code n} of {@code ordinals}, bit by bit as {@link #score} has them. O(n · dimension), allocates
     * nothing.
     *
     * @param into takes the {@code n} scores
     * @throws IndexOutOfBoundsException when there is no such row
     */
    public void scores(Metric metric, float[] query, float queryNorm, int[] ordinals, int n, float[] into) {
        switch (metric) {
            case COSINE -> {
                dots(query, ordinals, n, into);
                for (int i = 0; i < n; i++) {
                    into[i] = cosine(query, queryNorm, ordinals[i], into[i]);
                }
            }
            case INNER_PRODUCT -> {
                dots(query, ordinals, n, into);
                for (int i = 0; i < n; i++) {
                    into[i] = Float.isFinite(into[i]) ? into[i] : (float) dotExactly(query, rowBytes * ordinals[i]);
                }
            }
            case L2 -> {
                squaredL2s(query, ordinals, n, into);
                for (int i = 0; i < n; i++) {
                    into[i] = l2(query, into[i], rowBytes * ordinals[i]);
                }
            }
        }
    }

    /**
     * The inner product of a query and a row in double precision, for scores that are answered. O(dimension), allocates
     * nothing.
     *
     * @param query of this dimension
     * @throws IndexOutOfBoundsException when there is no such row
     */
    public double dotInDouble(float[] query, int ordinal) {
        Objects.checkIndex(ordinal, count);
        checkDimension(query);
        return VectorOps.KERNELS.dotInDouble(query, values, rowBytes * ordinal);
    }

    /** The sum of a row's squares in double precision; otherwise as {@link #dotInDouble}. */
    public double squaresInDouble(int ordinal) {
        Objects.checkIndex(ordinal, count);
        return VectorOps.KERNELS.squaresInDouble(values, rowBytes * ordinal, dimension);
    }

    /**
     * {@link #dotInDouble} and {@link #squaresInDouble} of the first {@code n} of {@code ordinals}, each row read once.
     *
     * @param dots takes {@code n} results, as {@code squares} does
     */
    public void dotsAndSquaresInDouble(float[] query, int[] ordinals, int n, double[] dots, double[] squares) {
        checkDimension(query);
        VectorOps.KERNELS.dotsAndSquaresInDouble(query, values, ordinals, n, dots, squares);
    }

    /** The squared distance of a query and a row in double precision; otherwise as {@link #dotInDouble}. */
    public double squaredL2InDouble(float[] query, int ordinal) {
        Objects.checkIndex(ordinal, count);
        checkDimension(query);
        return VectorOps.KERNELS.squaredL2InDouble(query, values, rowBytes * ordinal);
    }

    /**
     * The inner products of a query with the first {@code n} of {@code ordinals}, in float32 whatever the size of the values.
     * O(n · dimension), allocates nothing.
     *
     * @param query of this dimension
     * @param into takes the {@code n} results
     * @throws IndexOutOfBoundsException when there is no such row
     */
    public void dots(float[] query, int[] ordinals, int n, float[] into) {
        checkDimension(query);
        VectorOps.KERNELS.dots(query, values, ordinals, n, into);
    }

    /** The squared distances of a query to the first {@code n} of {@code ordinals}; otherwise as {@link #dots}. */
    public void squaredL2s(float[] query, int[] ordinals, int n, float[] into) {
        checkDimension(query);
        VectorOps.KERNELS.squaredL2s(query, values, ordinals, n, into);
    }

    /**
     * Reads a value of every cache line of the first {@code n} rows named, so that what is not in the cache comes all at once
     * rather than one row after the other: for rows that are scored right after, where {@link #prefetch} is slower.
     *
     * @throws IndexOutOfBoundsException when there is no such row
     */
    public void fetch(int[] ordinals, int n) {
        Prefetch.read(values, rowBytes, ordinals, n);
    }

    /** Begins to fetch the first {@code n} rows named into the cache and does not wait for them: for rows scored a little later. */
    public void prefetch(int[] ordinals, int n) {
        Prefetch.rows(values, rowBytes, ordinals, n);
    }

    /** The same for one row and its norm. */
    public void prefetch(int ordinal) {
        Prefetch.range(values, rowBytes * ordinal, rowBytes);
        Prefetch.range(norms, 4L * ordinal, Float.BYTES);
    }

    private void checkDimension(float[] query) {
        if (query.length != dimension) {
            throw new IllegalArgumentException(
                    "dimension differs: rows have " + dimension + ", the query has " + query.length);
        }
    }

    private float cosine(float[] query, float queryNorm, int ordinal, float dot) {
        float rowNorm = norms.get(ScalarKernels.FLOAT, 4L * ordinal);
        float product = queryNorm * rowNorm;
        if (VectorOps.usable(product) && Float.isFinite(dot)) {
            return VectorOps.clampCosine(dot / product);
        }
        double exact = (double) queryNorm * rowNorm;
        return exact == 0 ? 0 : VectorOps.clampCosine((float) (dotExactly(query, rowBytes * ordinal) / exact));
    }

    private float l2(float[] query, float squares, long at) {
        return -(float) Math.sqrt(VectorOps.usable(squares) ? squares : squaredL2Exactly(query, at));
    }

    /* Values near the ends of the float range: rare, so these two may be slow. */

    private double dotExactly(float[] query, long at) {
        double sum = 0;
        for (int i = 0; i < query.length; i++) {
            sum += (double) query[i] * values.get(ScalarKernels.FLOAT, at + 4L * i);
        }
        return sum;
    }

    private double squaredL2Exactly(float[] query, long at) {
        double sum = 0;
        for (int i = 0; i < query.length; i++) {
            double d = (double) query[i] - values.get(ScalarKernels.FLOAT, at + 4L * i);
            sum += d * d;
        }
        return sum;
    }
}
