package repscorer.vector;

import java.lang.foreign.MemorySegment;

/**
 * The arithmetic on dense float32 vectors. Checks shapes, then runs one of two twins: SIMD where the module
 * {@code jdk.incubator.vector} is present, scalar elsewhere; {@code -Drepscorer.kernels=scalar|panama} forces either.
 *
 * <p>All operations are O(n), allocate nothing and are safe for concurrent use. The twins agree within rounding.
 */
public final class VectorOps {

    private VectorOps() {}

    /** Which twin runs: {@code "scalar"}, or {@code "panama-512"} with the width of a SIMD register in bits. */
    public static String implementation() {
        throw new UnsupportedOperationException();
    }

    /**
     * The inner product.
     *
     * @throws IllegalArgumentException when the lengths differ
     */
    public static float dot(float[] a, float[] b) {
        throw new UnsupportedOperationException();
    }

    /** The inner product of {@code n} values from {@code a[aFrom]} and {@code b[bFrom]} on. */
    public static float dot(float[] a, int aFrom, float[] b, int bFrom, int n) {
        throw new UnsupportedOperationException();
    }

    /** The inner product of {@code query} with as many little-endian floats at {@code byteOffset} of {@code rows}. */
    public static float dot(float[] query, MemorySegment rows, long byteOffset) {
        throw new UnsupportedOperationException();
    }

    /** The squared Euclidean distance. */
    public static float squaredL2(float[] a, float[] b) {
        throw new UnsupportedOperationException();
    }

    /** The squared Euclidean distance of {@code n} values from {@code a[aFrom]} and {@code b[bFrom]} on. */
    public static float squaredL2(float[] a, int aFrom, float[] b, int bFrom, int n) {
        throw new UnsupportedOperationException();
    }

    /** The squared Euclidean distance of {@code query} to as many little-endian floats at {@code byteOffset}. */
    public static float squaredL2(float[] query, MemorySegment rows, long byteOffset) {
        throw new UnsupportedOperationException();
    }

    /** The cosine, or 0 where either vector is zero. */
    public static float cosine(float[] a, float[] b) {
        throw new UnsupportedOperationException();
    }

    /** The Euclidean norm. */
    public static float norm(float[] a) {
        throw new UnsupportedOperationException();
    }

    /** {@code y[yFrom + i] += scale * x[xFrom + i]} for {@code n} values. */
    public static void addScaled(float[] y, int yFrom, float scale, float[] x, int xFrom, int n) {
        throw new UnsupportedOperationException();
    }

    /** {@code a[i] *= scale} for every value. */
    public static void scale(float[] a, float scale) {
        throw new UnsupportedOperationException();
    }
}
