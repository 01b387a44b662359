package repscorer.vector;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/** The kernels in SIMD. Loading this class needs the module {@code jdk.incubator.vector}. */
final class PanamaKernels implements Kernels {

    /*
     * A sum has three parts: a body of four registers a step, a tail of one register a step, a scalar tail. Four
     * accumulators, because a fused multiply-add takes four cycles and two can start in each: fewer leave the units idle,
     * and eight would leave a row of 64 floats nothing but the tail on 512-bit registers. VectorOpsBenchmark measures this.
     *
     * Lanes are added by folding the register in half, again and again. The API's own reduction leaves their order open, and
     * the interpreter and the compiler do choose different ones: the same two rows would have two inner products.
     */

    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();
    private static final int STEP = 4 * LANES;
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

    private static final VectorSpecies<Long> LONGS = LongVector.SPECIES_PREFERRED;
    private static final int LONG_LANES = LONGS.length();

    private static final VectorShuffle<Float> BY_8 = VectorShuffle.iota(SPECIES, 8, 1, true);
    private static final VectorShuffle<Float> BY_4 = VectorShuffle.iota(SPECIES, 4, 1, true);
    private static final VectorShuffle<Float> BY_2 = VectorShuffle.iota(SPECIES, 2, 1, true);
    private static final VectorShuffle<Float> BY_1 = VectorShuffle.iota(SPECIES, 1, 1, true);

    @Override
    public String name() {
        return "panama-" + SPECIES.vectorBitSize();
    }

    @Override
    public float dot(float[] a, int aFrom, float[] b, int bFrom, int n) {
        int i = 0;
        float sum = 0;
        if (n >= LANES) {
            FloatVector sum0 = FloatVector.zero(SPECIES);
            FloatVector sum1 = FloatVector.zero(SPECIES);
            FloatVector sum2 = FloatVector.zero(SPECIES);
            FloatVector sum3 = FloatVector.zero(SPECIES);
            // unrolled body
            for (int end = n - STEP; i <= end; i += STEP) {
                int ai = aFrom + i;
                int bi = bFrom + i;
                sum0 = load(a, ai).fma(load(b, bi), sum0);
                sum1 = load(a, ai + LANES).fma(load(b, bi + LANES), sum1);
                sum2 = load(a, ai + 2 * LANES).fma(load(b, bi + 2 * LANES), sum2);
                sum3 = load(a, ai + 3 * LANES).fma(load(b, bi + 3 * LANES), sum3);
            }
            // vector tail
            for (int end = n - LANES; i <= end; i += LANES) {
                sum0 = load(a, aFrom + i).fma(load(b, bFrom + i), sum0);
            }
            sum = total(sum0.add(sum1).add(sum2.add(sum3)));
        }
        // scalar tail
        for (; i < n; i++) {
            sum += a[aFrom + i] * b[bFrom + i];
        }
        return sum;
    }

    @Override
    public float dot(float[] query, MemorySegment rows, long byteOffset) {
        int n = query.length;
        int i = 0;
        float sum = 0;
        if (n >= LANES) {
            FloatVector sum0 = FloatVector.zero(SPECIES);
            FloatVector sum1 = FloatVector.zero(SPECIES);
            FloatVector sum2 = FloatVector.zero(SPECIES);
            FloatVector sum3 = FloatVector.zero(SPECIES);
            // unrolled body
            for (int end = n - STEP; i <= end; i += STEP) {
                long at = byteOffset + ((long) i << 2);
                sum0 = load(query, i).fma(load(rows, at), sum0);
                sum1 = load(query, i + LANES).fma(load(rows, at + 4L * LANES), sum1);
                sum2 = load(query, i + 2 * LANES).fma(load(rows, at + 8L * LANES), sum2);
                sum3 = load(query, i + 3 * LANES).fma(load(rows, at + 12L * LANES), sum3);
            }
            // vector tail
            for (int end = n - LANES; i <= end; i += LANES) {
                sum0 = load(query, i).fma(load(rows, byteOffset + ((long) i << 2)), sum0);
            }
            sum = total(sum0.add(sum1).add(sum2.add(sum3)));
        }
        // scalar tail
        for (; i < n; i++) {
            sum += query[i] * rows.get(ScalarKernels.FLOAT, byteOffset + ((long) i << 2));
        }
        return sum;
    }

    @Override
    public void dots(float[] query, MemorySegment rows, int[] ordinals, int n, float[] into) {
        if (query.length != STEP) {
            Kernels.super.dots(query, rows, ordinals, n, into);
            return;
        }
        // As long as one unrolled step, the query stays in registers; each sum is made as dot makes it.
        FloatVector query0 = load(query, 0);
        FloatVector query1 = load(query, LANES);
        FloatVector query2 = load(query, 2 * LANES);
        FloatVector query3 = load(query, 3 * LANES);
        FloatVector zero = FloatVector.zero(SPECIES);
        for (int i = 0; i < n; i++) {
            long at = 4L * STEP * ordinals[i];
            FloatVector sum0 = query0.fma(load(rows, at), zero);
            FloatVector sum1 = query1.fma(load(rows, at + 4L * LANES), zero);
            FloatVector sum2 = query2.fma(load(rows, at + 8L * LANES), zero);
            FloatVector sum3 = query3.fma(load(rows, at + 12L * LANES), zero);
            into[i] = total(sum0.add(sum1).add(sum2.add(sum3)));
        }
    }

    @Override
    public double dotInDouble(float[] query, MemorySegment rows, long byteOffset) {
        return PanamaDoubleKernels.dotInDouble(query, rows, byteOffset);
    }

    @Override
    public double squaresInDouble(MemorySegment rows, long byteOffset, int n) {
        return PanamaDoubleKernels.squaresInDouble(rows, byteOffset, n);
    }

    @Override
    public void dotsAndSquaresInDouble(
            float[] query, MemorySegment rows, int[] ordinals, int n, double[] dots, double[] squares) {
        PanamaDoubleKernels.dotsAndSquaresInDouble(query, rows, ordinals, n, dots, squares);
    }

    @Override
    public double squaredL2InDouble(float[] query, MemorySegment rows, long byteOffset) {
        return PanamaDoubleKernels.squaredL2InDouble(query, rows, byteOffset);
    }

    @Override
    public float squaredL2(float[] a, int aFrom, float[] b, int bFrom, int n) {
        int i = 0;
        float sum = 0;
        if (n >= LANES) {
            FloatVector sum0 = FloatVector.zero(SPECIES);
            FloatVector sum1 = FloatVector.zero(SPECIES);
            FloatVector sum2 = FloatVector.zero(SPECIES);
            FloatVector sum3 = FloatVector.zero(SPECIES);
            // unrolled body
            for (int end = n - STEP; i <= end; i += STEP) {
                int ai = aFrom + i;
                int bi = bFrom + i;
                FloatVector d0 = load(a, ai).sub(load(b, bi));
                FloatVector d1 = load(a, ai + LANES).sub(load(b, bi + LANES));
                FloatVector d2 = load(a, ai + 2 * LANES).sub(load(b, bi + 2 * LANES));
                FloatVector d3 = load(a, ai + 3 * LANES).sub(load(b, bi + 3 * LANES));
                sum0 = d0.fma(d0, sum0);
                sum1 = d1.fma(d1, sum1);
                sum2 = d2.fma(d2, sum2);
                sum3 = d3.fma(d3, sum3);
            }
            // vector tail
            for (int end = n - LANES; i <= end; i += LANES) {
                FloatVector d = load(a, aFrom + i).sub(load(b, bFrom + i));
                sum0 = d.fma(d, sum0);
            }
            sum = total(sum0.add(sum1).add(sum2.add(sum3)));
        }
        // scalar tail
        for (; i < n; i++) {
            float d = a[aFrom + i] - b[bFrom + i];
            sum += d * d;
        }
        return sum;
    }

    @Override
    public float squaredL2(float[] query, MemorySegment rows, long byteOffset) {
        int n = query.length;
        int i = 0;
        float sum = 0;
        if (n >= LANES) {
            FloatVector sum0 = FloatVector.zero(SPECIES);
            FloatVector sum1 = FloatVector.zero(SPECIES);
            FloatVector sum2 = FloatVector.zero(SPECIES);
            FloatVector sum3 = FloatVector.zero(SPECIES);
            // unrolled body
            for (int end = n - STEP; i <= end; i += STEP) {
                long at = byteOffset + ((long) i << 2);
                FloatVector d0 = load(query, i).sub(load(rows, at));
                FloatVector d1 = load(query, i + LANES).sub(load(rows, at + 4L * LANES));
                FloatVector d2 = load(query, i + 2 * LANES).sub(load(rows, at + 8L * LANES));
                FloatVector d3 = load(query, i + 3 * LANES).sub(load(rows, at + 12L * LANES));
                sum0 = d0.fma(d0, sum0);
                sum1 = d1.fma(d1, sum1);
                sum2 = d2.fma(d2, sum2);
                sum3 = d3.fma(d3, sum3);
            }
            // vector tail
            for (int end = n - LANES; i <= end; i += LANES) {
                FloatVector d = load(query, i).sub(load(rows, byteOffset + ((long) i << 2)));
                sum0 = d.fma(d, sum0);
            }
            sum = total(sum0.add(sum1).add(sum2.add(sum3)));
        }
        // scalar tail
        for (; i < n; i++) {
            float d = query[i] - rows.get(ScalarKernels.FLOAT, byteOffset + ((long) i << 2));
            sum += d * d;
        }
        return sum;
    }

    @Override
    public void addScaled(float[] y, int yFrom, float scale, float[] x, int xFrom, int n) {
        FloatVector factor = FloatVector.broadcast(SPECIES, scale);
        int i = 0;
        for (int end = n - LANES; i <= end; i += LANES) {
            load(x, xFrom + i).fma(factor, load(y, yFrom + i)).intoArray(y, yFrom + i);
        }
        // scalar tail
        for (; i < n; i++) {
            y[yFrom + i] += scale * x[xFrom + i];
        }
    }

    @Override
    public void scale(float[] a, float scale) {
        int n = a.length;
        int i = 0;
        for (int end = n - LANES; i <= end; i += LANES) {
            load(a, i).mul(scale).intoArray(a, i);
        }
        // scalar tail
        for (; i < n; i++) {
            a[i] *= scale;
        }
    }

    @Override
    public int leastAt(float[] a, int from, int n) {
        if (n < 2 * LANES) {
            return ScalarKernels.leastAt(a, from, 0, n, 0);
        }
        FloatVector least = load(a, from);
        int i = LANES;
        for (int end = n - LANES; i <= end; i += LANES) {
            least = least.min(load(a, from + i));
        }
        float value = least.reduceLanes(VectorOperators.MIN);
        for (; i < n; i++) {
            value = Math.min(value, a[from + i]);
        }
        // the first place that has it
        for (int place = 0; place <= n - LANES; place += LANES) {
            VectorMask<Float> equal = load(a, from + place).eq(value);
            if (equal.anyTrue()) {
                return place + equal.firstTrue();
            }
        }
        for (int place = n - n % LANES; place < n; place++) {
            if (a[from + place] == value) {
                return place;
            }
        }
        return 0; // where any value is NaN
    }

    @Override
    public void addProducts(float[] x, int rows, int in, float[] matrix, int out, float[] y) {
        PanamaProductKernels.addProducts(x, rows, in, matrix, out, y);
    }

    @Override
    public void leastOfProducts(
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
        if (PanamaNearestKernels.suits(out)) {
            PanamaNearestKernels.leastOfProducts(x, rows, in, matrix, out, begun, into, intoAt, intoStride);
        } else {
            Kernels.super.leastOfProducts(x, rows, in, matrix, out, begun, sums, into, intoAt, intoStride);
        }
    }

    @Override
    public void dots(short[] query, MemorySegment rows, int[] ordinals, int n, int[] into) {
        PanamaByteKernels.dots(query, rows, ordinals, n, into);
    }

    @Override
    public int insert(long[] keys, int last, long key) {
        LongVector inserted = LongVector.broadcast(LONGS, key);
        int at = last - last % LONG_LANES;
        while (true) {
            long first = keys[at];
            LongVector there = LongVector.fromArray(LONGS, keys, at);
            LongVector before = LongVector.fromArray(LONGS, keys, at - 1);
            there.max(before.min(inserted)).intoArray(keys, at);
            if (first > key || at <= SortedKeys.MARGIN) {
                return at;
            }
            at -= LONG_LANES;
        }
    }

    @Override
    public int firstEven(long[] keys, int from) {
        int at = from - from % LONG_LANES;
        long odd = (1L << (from - at)) - 1; // those before from are passed over
        while (true) {
            long even = LongVector.fromArray(LONGS, keys, at).and(1).eq(0).toLong() & ~odd;
            if (even != 0) {
                return at + Long.numberOfTrailingZeros(even);
            }
            odd = 0;
            at += LONG_LANES;
        }
    }

    /** The sum of all lanes, in an order that never changes. */
    private static float total(FloatVector lanes) {
        FloatVector folded = lanes;
        if (LANES > 8) {
            folded = folded.add(folded.rearrange(BY_8));
        }
        if (LANES > 4) {
            folded = folded.add(folded.rearrange(BY_4));
        }
        if (LANES > 2) {
            folded = folded.add(folded.rearrange(BY_2));
        }
        return folded.add(folded.rearrange(BY_1)).lane(0);
    }

    private static FloatVector load(float[] values, int from) {
        return FloatVector.fromArray(SPECIES, values, from);
    }

    private static FloatVector load(MemorySegment rows, long byteOffset) {
        return FloatVector.fromMemorySegment(SPECIES, rows, byteOffset, ORDER);
    }
}
