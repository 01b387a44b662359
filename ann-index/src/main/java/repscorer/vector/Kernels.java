package repscorer.vector;

import java.lang.foreign.MemorySegment;

/**
 * The loops behind {@link VectorOps}, in two twins. A kernel trusts its caller: ranges were checked, lengths agree.
 */
interface Kernels {

    /** {@code "scalar"} or {@code "panama-<bits>"}. */
    String name();

    float dot(float[] a, int aFrom, float[] b, int bFrom, int n);

    float dot(float[] query, MemorySegment rows, long byteOffset);

    /** The inner product in double precision, for scores that are answered: float32 sums differ in the seventh digit. */
    double dotInDouble(float[] query, MemorySegment rows, long byteOffset);

    /** The sum of the squares of {@code n} floats, in double precision. */
    double squaresInDouble(MemorySegment rows, long byteOffset, int n);

    /**
     * {@link #dotInDouble} and {@link #squaresInDouble} of rows of as many floats as the query, known by their ordinals, bit by bit
     * the same.
     */
    default void dotsAndSquaresInDouble(
            float[] query, MemorySegment rows, int[] ordinals, int n, double[] dots, double[] squares) {
        long rowBytes = 4L * query.length;
        for (int i = 0; i < n; i++) {
            dots[i] = dotInDouble(query, rows, rowBytes * ordinals[i]);
            squares[i] = squaresInDouble(rows, rowBytes * ordinals[i], query.length);
        }
    }

    /** The squared Euclidean distance in double precision. */
    double squaredL2InDouble(float[] query, MemorySegment rows, long byteOffset);

    float squaredL2(float[] a, int aFrom, float[] b, int bFrom, int n);

    float squaredL2(float[] query, MemorySegment rows, long byteOffset);

    void addScaled(float[] y, int yFrom, float scale, float[] x, int xFrom, int n);

    void scale(float[] a, float scale);

    /** The place of the least of {@code n} values, counted from {@code from}; the first of equal ones. */
    int leastAt(float[] a, int from, int n);

    /** {@code y += x · matrix} for {@code rows} rows of {@code in} and of {@code out} values; the matrix is in × out, row-major. */
    void addProducts(float[] x, int rows, int in, float[] matrix, int out, float[] y);

    /**
     * The place of the least value of each row of {@code begun + x · matrix}, the first of equal ones.
     *
     * @param begun what all rows' sums begin with: out values
     * @param sums rows × out, written over where a twin needs them
     * @param into takes a place for each row from {@code intoAt} on, {@code intoStride} apart
     */
    default void leastOfProducts(
            float[] x,
            int rows,
            int in,
            float[] matrix,
            int out,
            float[] begun,
            float[] sums,
            int[] into,
            int intoAt,
            int intoStride) {
        for (int row = 0; row < rows; row++) {
            System.arraycopy(begun, 0, sums, row * out, out);
        }
        addProducts(x, rows, in, matrix, out, sums);
        for (int row = 0; row < rows; row++) {
            into[intoAt + row * intoStride] = leastAt(sums, row * out, out);
        }
    }

    /** The inner products of a query with rows of as many floats, known by their ordinals. */
    default void dots(float[] query, MemorySegment rows, int[] ordinals, int n, float[] into) {
        long rowBytes = 4L * query.length;
        for (int i = 0; i < n; i++) {
            into[i] = dot(query, rows, rowBytes * ordinals[i]);
        }
    }

    /** The squared distances of a query to rows of as many floats, known by their ordinals. */
    default void squaredL2s(float[] query, MemorySegment rows, int[] ordinals, int n, float[] into) {
        long rowBytes = 4L * query.length;
        for (int i = 0; i < n; i++) {
            into[i] = squaredL2(query, rows, rowBytes * ordinals[i]);
        }
    }

    /**
     * The inner products of a query with rows of as many bytes, known by their ordinals.
     *
     * @param query a multiple of {@link ByteRows#PAD} values within ±{@link ByteRows#QUERY_MAX}
     */
    void dots(short[] query, MemorySegment rows, int[] ordinals, int n, int[] into);

    /**
     * Puts a key into its place among falling ones, by moving the lesser ones up to {@code last} by a place, and answers an
     * index before which nothing changed.
     *
     * @param keys before the first, at {@link SortedKeys#MARGIN}, stands {@link Long#MAX_VALUE}; up to seven places behind
     *     {@code last} are moved too
     */
    int insert(long[] keys, int last, long key);

    /** The first index from {@code from} on with an even key; there must be one. */
    int firstEven(long[] keys, int from);
}
