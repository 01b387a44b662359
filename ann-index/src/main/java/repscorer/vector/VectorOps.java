package repscorer.vector;

import java.lang.foreign.MemorySegment;

/**
 * The arithmetic on dense float32 vectors. Checks shapes, then runs one of two twins: SIMD where the module
 * {@code jdk.incubator.vector} is present, scalar elsewhere; {@code -Drepscorer.kernels=scalar|panama} forces either.
 *
 * <p>All operations are O(n), allocate nothing and are safe for concurrent use. The twins agree within rounding.
 */
public final class VectorOps {

    /** Chosen once; a constant to the compiler, which then inlines the kernel into its caller. */
    static final Kernels KERNELS = KernelChoice.fromSystem();

    /** Float sums of squares below this, or not finite, have lost digits and are taken again in double precision. */
    private static final float SQUARES_MIN = 1e-30f;

    private VectorOps() {}

    /** Which twin runs: {@code "scalar"}, or {@code "panama-512"} with the width of a SIMD register in bits. */
    public static String implementation() {
        return KERNELS.name();
    }

    /**
     * The inner product.
     *
     * @throws IllegalArgumentException when the lengths differ
     */
    public static float dot(float[] a, float[] b) {
        checkLengths(a, b);
        return KERNELS.dot(a, 0, b, 0, a.length);
    }

    /**
     * The inner product of {@code n} values from {@code a[aFrom]} and {@code b[bFrom]} on.
     *
     * @throws IllegalArgumentException when a range leaves its array
     */
    public static float dot(float[] a, int aFrom, float[] b, int bFrom, int n) {
        checkRange("a", a, aFrom, n);
        checkRange("b", b, bFrom, n);
        return KERNELS.dot(a, aFrom, b, bFrom, n);
    }

    /**
     * The inner product of {@code query} with as many little-endian floats at {@code byteOffset} of {@code rows}.
     *
     * @param byteOffset need not be aligned
     * @throws IllegalArgumentException when the segment ends before
     */
    public static float dot(float[] query, MemorySegment rows, long byteOffset) {
        checkSegment(query, rows, byteOffset);
        return KERNELS.dot(query, rows, byteOffset);
    }

    /**
     * The squared Euclidean distance.
     *
     * @throws IllegalArgumentException when the lengths differ
     */
    public static float squaredL2(float[] a, float[] b) {
        checkLengths(a, b);
        return KERNELS.squaredL2(a, 0, b, 0, a.length);
    }

    /**
     * The squared Euclidean distance of {@code n} values from {@code a[aFrom]} and {@code b[bFrom]} on.
     *
     * @throws IllegalArgumentException when a range leaves its array
     */
    public static float squaredL2(float[] a, int aFrom, float[] b, int bFrom, int n) {
        checkRange("a", a, aFrom, n);
        checkRange("b", b, bFrom, n);
        return KERNELS.squaredL2(a, aFrom, b, bFrom, n);
    }

    /**
     * The squared Euclidean distance of {@code query} to as many little-endian floats at {@code byteOffset}.
     *
     * @param byteOffset need not be aligned
     * @throws IllegalArgumentException when the segment ends before
     */
    public static float squaredL2(float[] query, MemorySegment rows, long byteOffset) {
        checkSegment(query, rows, byteOffset);
        return KERNELS.squaredL2(query, rows, byteOffset);
    }

    /**
     * The cosine, in [-1, 1], or 0 where either vector is zero.
     *
     * @throws IllegalArgumentException when the lengths differ
     */
    public static float cosine(float[] a, float[] b) {
        checkLengths(a, b);
        float dot = KERNELS.dot(a, 0, b, 0, a.length);
        float squares = KERNELS.dot(a, 0, a, 0, a.length) * KERNELS.dot(b, 0, b, 0, b.length);
        if (usable(squares) && Float.isFinite(dot)) {
            return clampCosine(dot / (float) Math.sqrt(squares));
        }
        double exact = 0;
        for (int i = 0; i < a.length; i++) {
            exact += (double) a[i] * b[i];
        }
        double norms = Math.sqrt(squaresExactly(a)) * Math.sqrt(squaresExactly(b));
        return norms == 0 ? 0 : clampCosine((float) (exact / norms));
    }

    /** The Euclidean norm. */
    public static float norm(float[] a) {
        float squares = KERNELS.dot(a, 0, a, 0, a.length);
        return (float) Math.sqrt(usable(squares) ? squares : squaresExactly(a));
    }

    /**
     * {@code y[yFrom + i] += scale * x[xFrom + i]} for {@code n} values.
     *
     * @throws IllegalArgumentException when a range leaves its array
     */
    public static void addScaled(float[] y, int yFrom, float scale, float[] x, int xFrom, int n) {
        checkRange("y", y, yFrom, n);
        checkRange("x", x, xFrom, n);
        KERNELS.addScaled(y, yFrom, scale, x, xFrom, n);
    }

    /** {@code a[i] *= scale} for every value. */
    public static void scale(float[] a, float scale) {
        KERNELS.scale(a, scale);
    }

    /**
     * {@code y += x · matrix}: rows times a matrix, O(rows · in · out). A row has the same product beside others as alone.
     *
     * @param x rows × in, row-major, from the front of the array
     * @param matrix in × out, row-major
     * @param y rows × out, row-major
     * @throws IllegalArgumentException when a number is negative or an array too short
     */
    public static void addProducts(float[] x, int rows, int in, float[] matrix, int out, float[] y) {
        checkProduct(x, rows, in, matrix, out, y);
        KERNELS.addProducts(x, rows, in, matrix, out, y);
    }

    private static void checkProduct(float[] x, int rows, int in, float[] matrix, int out, float[] y) {
        if (rows < 0
                || in < 0
                || out < 0
                || (long) rows * in > x.length
                || (long) in * out > matrix.length
                || (long) rows * out > y.length) {
            throw new IllegalArgumentException("product leaves an array: " + rows + " rows of " + in + " values in "
                    + x.length + ", matrix of " + out + " columns in " + matrix.length + ", into " + y.length);
        }
    }

    /**
     * The place of the least of {@code n} values from {@code a[from]} on, counted from there; the first of equal ones. None may be NaN.
     *
     * @param n at least 1
     * @throws IllegalArgumentException when the range is empty or leaves the array
     */
    public static int leastAt(float[] a, int from, int n) {
        checkRange("a", a, from, n);
        if (n == 0) {
            throw new IllegalArgumentException("none of 0 values is the least");
        }
        return KERNELS.leastAt(a, from, n);
    }

    /**
     * The place of the least value of each row of {@code begun + x · matrix}, the first of equal ones; the same as by
     * {@link #addProducts} and {@link #leastAt}. O(rows · in · out). No sum may be NaN.
     *
     * @param x rows × in, row-major, from the front of the array
     * @param matrix in × out, row-major; out at least 1
     * @param begun what all rows' sums begin with: out values
     * @param sums room for rows × out, written over
     * @param into takes a place for each row from {@code intoAt} on, {@code intoStride} apart
     * @throws IllegalArgumentException when a number is negative or an array too short
     */
    public static void leastOfProducts(
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
        checkProduct(x, rows, in, matrix, out, sums);
        if (out == 0
                || begun.length < out
                || intoAt < 0
                || intoStride < 1
                || rows > 0 && intoAt + (rows - 1L) * intoStride >= into.length) {
            throw new IllegalArgumentException("the least of %s columns begun in %s, for %s rows into %s from %s by %s"
                    .formatted(out, begun.length, rows, into.length, intoAt, intoStride));
        }
        KERNELS.leastOfProducts(x, rows, in, matrix, out, begun, sums, into, intoAt, intoStride);
    }

    /** Whether a float sum of squares, or a product of norms, neither overflowed nor lost digits near zero. */
    static boolean usable(float squares) {
        return squares >= SQUARES_MIN && squares <= Float.MAX_VALUE;
    }

    /** Rounding can take a cosine past 1 by some units in the last place. NaN stays NaN. */
    static float clampCosine(float cosine) {
        return Math.clamp(cosine, -1f, 1f);
    }

    private static double squaresExactly(float[] a) {
        double sum = 0;
        for (float value : a) {
            sum += (double) value * value;
        }
        return sum;
    }

    private static void checkLengths(float[] a, float[] b) {
        if (a.length != b.length) {
            throw new IllegalArgumentException("vectors differ in length: " + a.length + " and " + b.length);
        }
    }

    private static void checkRange(String name, float[] a, int from, int n) {
        if (from < 0 || n < 0 || from > a.length - n) {
            throw new IllegalArgumentException(
                    "range leaves " + name + ": " + n + " values from " + from + ", length " + a.length);
        }
    }

    private static void checkSegment(float[] query, MemorySegment rows, long byteOffset) {
        if (byteOffset < 0 || byteOffset > rows.byteSize() - 4L * query.length) {
            throw new IllegalArgumentException("row leaves the segment: " + query.length + " floats at byte "
                    + byteOffset + ", segment has " + rows.byteSize() + " bytes");
        }
    }
}
