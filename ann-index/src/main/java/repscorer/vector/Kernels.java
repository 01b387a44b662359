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

    float squaredL2(float[] a, int aFrom, float[] b, int bFrom, int n);

    float squaredL2(float[] query, MemorySegment rows, long byteOffset);

    void addScaled(float[] y, int yFrom, float scale, float[] x, int xFrom, int n);

    void scale(float[] a, float scale);
}
