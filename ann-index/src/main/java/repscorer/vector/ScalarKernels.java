package repscorer.vector;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** The kernels as plain loops: runs everywhere, and is what the SIMD twin is compared with. */
final class ScalarKernels implements Kernels {

    /*
     * Floating-point addition must not be reordered, so one accumulator makes a chain that waits four cycles a step and
     * that the compiler may not break up. Four accumulators keep four additions in flight, and round less.
     */

    static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    @Override
    public String name() {
        return "scalar";
    }

    @Override
    public float dot(float[] a, int aFrom, float[] b, int bFrom, int n) {
        float sum0 = 0;
        float sum1 = 0;
        float sum2 = 0;
        float sum3 = 0;
        int i = 0;
        for (int end = n & ~3; i < end; i += 4) {
            sum0 += a[aFrom + i] * b[bFrom + i];
            sum1 += a[aFrom + i + 1] * b[bFrom + i + 1];
            sum2 += a[aFrom + i + 2] * b[bFrom + i + 2];
            sum3 += a[aFrom + i + 3] * b[bFrom + i + 3];
        }
        for (; i < n; i++) {
            sum0 += a[aFrom + i] * b[bFrom + i];
        }
        return (sum0 + sum1) + (sum2 + sum3);
    }

    @Override
    public float dot(float[] query, MemorySegment rows, long byteOffset) {
        int n = query.length;
        float sum0 = 0;
        float sum1 = 0;
        float sum2 = 0;
        float sum3 = 0;
        int i = 0;
        for (int end = n & ~3; i < end; i += 4) {
            long at = byteOffset + ((long) i << 2);
            sum0 += query[i] * rows.get(FLOAT, at);
            sum1 += query[i + 1] * rows.get(FLOAT, at + 4);
            sum2 += query[i + 2] * rows.get(FLOAT, at + 8);
            sum3 += query[i + 3] * rows.get(FLOAT, at + 12);
        }
        for (; i < n; i++) {
            sum0 += query[i] * rows.get(FLOAT, byteOffset + ((long) i << 2));
        }
        return (sum0 + sum1) + (sum2 + sum3);
    }

    @Override
    public double dotInDouble(float[] query, MemorySegment rows, long byteOffset) {
        int n = query.length;
        double sum0 = 0;
        double sum1 = 0;
        int i = 0;
        for (int end = n - 1; i < end; i += 2) {
            long at = byteOffset + ((long) i << 2);
            sum0 += (double) query[i] * rows.get(FLOAT, at);
            sum1 += (double) query[i + 1] * rows.get(FLOAT, at + 4);
        }
        if (i < n) {
            sum0 += (double) query[i] * rows.get(FLOAT, byteOffset + ((long) i << 2));
        }
        return sum0 + sum1;
    }

    @Override
    public double squaresInDouble(MemorySegment rows, long byteOffset, int n) {
        double sum0 = 0;
        double sum1 = 0;
        int i = 0;
        for (int end = n - 1; i < end; i += 2) {
            long at = byteOffset + ((long) i << 2);
            double a = rows.get(FLOAT, at);
            double b = rows.get(FLOAT, at + 4);
            sum0 += a * a;
            sum1 += b * b;
        }
        if (i < n) {
            double a = rows.get(FLOAT, byteOffset + ((long) i << 2));
            sum0 += a * a;
        }
        return sum0 + sum1;
    }

    @Override
    public double squaredL2InDouble(float[] query, MemorySegment rows, long byteOffset) {
        int n = query.length;
        double sum0 = 0;
        double sum1 = 0;
        int i = 0;
        for (int end = n - 1; i < end; i += 2) {
            long at = byteOffset + ((long) i << 2);
            double a = (double) query[i] - rows.get(FLOAT, at);
            double b = (double) query[i + 1] - rows.get(FLOAT, at + 4);
            sum0 += a * a;
            sum1 += b * b;
        }
        if (i < n) {
            double a = (double) query[i] - rows.get(FLOAT, byteOffset + ((long) i << 2));
            sum0 += a * a;
        }
        return sum0 + sum1;
    }

    @Override
    public float squaredL2(float[] a, int aFrom, float[] b, int bFrom, int n) {
        float sum0 = 0;
        float sum1 = 0;
        float sum2 = 0;
        float sum3 = 0;
        int i = 0;
        for (int end = n & ~3; i < end; i += 4) {
            float d0 = a[aFrom + i] - b[bFrom + i];
            float d1 = a[aFrom + i + 1] - b[bFrom + i + 1];
            float d2 = a[aFrom + i + 2] - b[bFrom + i + 2];
            float d3 = a[aFrom + i + 3] - b[bFrom + i + 3];
            sum0 += d0 * d0;
            sum1 += d1 * d1;
            sum2 += d2 * d2;
            sum3 += d3 * d3;
        }
        for (; i < n; i++) {
            float d = a[aFrom + i] - b[bFrom + i];
            sum0 += d * d;
        }
        return (sum0 + sum1) + (sum2 + sum3);
    }

    @Override
    public float squaredL2(float[] query, MemorySegment rows, long byteOffset) {
        int n = query.length;
        float sum0 = 0;
        float sum1 = 0;
        float sum2 = 0;
        float sum3 = 0;
        int i = 0;
        for (int end = n & ~3; i < end; i += 4) {
            long at = byteOffset + ((long) i << 2);
            float d0 = query[i] - rows.get(FLOAT, at);
            float d1 = query[i + 1] - rows.get(FLOAT, at + 4);
            float d2 = query[i + 2] - rows.get(FLOAT, at + 8);
            float d3 = query[i + 3] - rows.get(FLOAT, at + 12);
            sum0 += d0 * d0;
            sum1 += d1 * d1;
            sum2 += d2 * d2;
            sum3 += d3 * d3;
        }
        for (; i < n; i++) {
            float d = query[i] - rows.get(FLOAT, byteOffset + ((long) i << 2));
            sum0 += d * d;
        }
        return (sum0 + sum1) + (sum2 + sum3);
    }

    @Override
    public void addScaled(float[] y, int yFrom, float scale, float[] x, int xFrom, int n) {
        for (int i = 0; i < n; i++) {
            y[yFrom + i] += scale * x[xFrom + i];
        }
    }

    @Override
    public int leastAt(float[] a, int from, int n) {
        return leastAt(a, from, 0, n, 0);
    }

    /** Of the places from {@code begin} on and {@code least}. */
    static int leastAt(float[] a, int from, int begin, int n, int least) {
        for (int i = begin; i < n; i++) {
            if (a[from + i] < a[from + least]) {
                least = i;
            }
        }
        return least;
    }

    @Override
    public void addProducts(float[] x, int rows, int in, float[] matrix, int out, float[] y) {
        for (int row = 0; row < rows; row++) {
            addProduct(x, row * in, in, matrix, 0, out, y, row * out);
        }
    }

    /** One row's product with the columns of a matrix from one on. */
    static void addProduct(
            float[] x, int xFrom, int in, float[] matrix, int columnFrom, int out, float[] y, int yFrom) {
        for (int i = 0; i < in && columnFrom < out; i++) {
            float factor = x[xFrom + i];
            int at = i * out;
            for (int column = columnFrom; column < out; column++) {
                y[yFrom + column] += factor * matrix[at + column];
            }
        }
    }

    @Override
    public void scale(float[] a, float scale) {
        for (int i = 0; i < a.length; i++) {
            a[i] *= scale;
        }
    }

    @Override
    public void dots(short[] query, MemorySegment rows, int[] ordinals, int n, int[] into) {
        long stride = query.length;
        for (int i = 0; i < n; i++) {
            long at = ordinals[i] * stride;
            int sum = 0;
            for (int j = 0; j < query.length; j++) {
                sum += query[j] * rows.get(ValueLayout.JAVA_BYTE, at + j);
            }
            into[i] = sum;
        }
    }

    @Override
    public int insert(long[] keys, int last, long key) {
        int at = last;
        for (; keys[at - 1] < key; at--) {
            keys[at] = keys[at - 1];
        }
        keys[at] = Math.max(keys[at], key);
        return at;
    }

    @Override
    public int firstEven(long[] keys, int from) {
        int at = from;
        while ((keys[at] & 1) != 0) {
            at++;
        }
        return at;
    }
}
