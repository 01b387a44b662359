package repscorer.vector;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/** The kernels over floats whose sums are in double precision, in SIMD; otherwise as {@link PanamaKernels}. */
final class PanamaDoubleKernels {

    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

    /* Floats are widened to doubles as they are loaded, so a register of floats is half as wide. */
    private static final VectorSpecies<Double> DOUBLES = DoubleVector.SPECIES_PREFERRED;
    private static final int DOUBLE_LANES = DOUBLES.length();
    private static final VectorSpecies<Float> HALVES =
            VectorSpecies.of(float.class, VectorShape.forBitSize(DOUBLES.vectorBitSize() / 2));
    private static final VectorShuffle<Double> DOUBLES_BY_4 = VectorShuffle.iota(DOUBLES, 4, 1, true);
    private static final VectorShuffle<Double> DOUBLES_BY_2 = VectorShuffle.iota(DOUBLES, 2, 1, true);
    private static final VectorShuffle<Double> DOUBLES_BY_1 = VectorShuffle.iota(DOUBLES, 1, 1, true);

    private PanamaDoubleKernels() {}

    static double dotInDouble(float[] query, MemorySegment rows, long byteOffset) {
        int n = query.length;
        DoubleVector sum0 = DoubleVector.zero(DOUBLES);
        DoubleVector sum1 = DoubleVector.zero(DOUBLES);
        DoubleVector sum2 = DoubleVector.zero(DOUBLES);
        DoubleVector sum3 = DoubleVector.zero(DOUBLES);
        int i = 0;
        // unrolled body
        for (int end = n - 4 * DOUBLE_LANES; i <= end; i += 4 * DOUBLE_LANES) {
            long at = byteOffset + ((long) i << 2);
            sum0 = wide(query, i).fma(wide(rows, at), sum0);
            sum1 = wide(query, i + DOUBLE_LANES).fma(wide(rows, at + 4L * DOUBLE_LANES), sum1);
            sum2 = wide(query, i + 2 * DOUBLE_LANES).fma(wide(rows, at + 8L * DOUBLE_LANES), sum2);
            sum3 = wide(query, i + 3 * DOUBLE_LANES).fma(wide(rows, at + 12L * DOUBLE_LANES), sum3);
        }
        // vector tail
        for (int end = n - DOUBLE_LANES; i <= end; i += DOUBLE_LANES) {
            sum0 = wide(query, i).fma(wide(rows, byteOffset + ((long) i << 2)), sum0);
        }
        double sum = total(sum0.add(sum1).add(sum2.add(sum3)));
        // scalar tail
        for (; i < n; i++) {
            sum += (double) query[i] * rows.get(ScalarKernels.FLOAT, byteOffset + ((long) i << 2));
        }
        return sum;
    }

    static double squaresInDouble(MemorySegment rows, long byteOffset, int n) {
        DoubleVector sum0 = DoubleVector.zero(DOUBLES);
        DoubleVector sum1 = DoubleVector.zero(DOUBLES);
        DoubleVector sum2 = DoubleVector.zero(DOUBLES);
        DoubleVector sum3 = DoubleVector.zero(DOUBLES);
        int i = 0;
        // unrolled body
        for (int end = n - 4 * DOUBLE_LANES; i <= end; i += 4 * DOUBLE_LANES) {
            long at = byteOffset + ((long) i << 2);
            DoubleVector a = wide(rows, at);
            DoubleVector b = wide(rows, at + 4L * DOUBLE_LANES);
            DoubleVector c = wide(rows, at + 8L * DOUBLE_LANES);
            DoubleVector d = wide(rows, at + 12L * DOUBLE_LANES);
            sum0 = a.fma(a, sum0);
            sum1 = b.fma(b, sum1);
            sum2 = c.fma(c, sum2);
            sum3 = d.fma(d, sum3);
        }
        // vector tail
        for (int end = n - DOUBLE_LANES; i <= end; i += DOUBLE_LANES) {
            DoubleVector a = wide(rows, byteOffset + ((long) i << 2));
            sum0 = a.fma(a, sum0);
        }
        double sum = total(sum0.add(sum1).add(sum2.add(sum3)));
        // scalar tail
        for (; i < n; i++) {
            double a = rows.get(ScalarKernels.FLOAT, byteOffset + ((long) i << 2));
            sum += a * a;
        }
        return sum;
    }

    static void dotsAndSquaresInDouble(
            float[] query, MemorySegment rows, int[] ordinals, int n, double[] dots, double[] squares) {
        for (int i = 0; i < n; i++) {
            dotAndSquares(query, rows, 4L * query.length * ordinals[i], i, dots, squares);
        }
    }

    /** Both sums from one reading of the row, each added up as its own kernel does. */
    private static void dotAndSquares(
            float[] query, MemorySegment rows, long byteOffset, int into, double[] dots, double[] squares) {
        int n = query.length;
        DoubleVector dot0 = DoubleVector.zero(DOUBLES);
        DoubleVector dot1 = DoubleVector.zero(DOUBLES);
        DoubleVector dot2 = DoubleVector.zero(DOUBLES);
        DoubleVector dot3 = DoubleVector.zero(DOUBLES);
        DoubleVector square0 = DoubleVector.zero(DOUBLES);
        DoubleVector square1 = DoubleVector.zero(DOUBLES);
        DoubleVector square2 = DoubleVector.zero(DOUBLES);
        DoubleVector square3 = DoubleVector.zero(DOUBLES);
        int i = 0;
        // unrolled body
        for (int end = n - 4 * DOUBLE_LANES; i <= end; i += 4 * DOUBLE_LANES) {
            long at = byteOffset + ((long) i << 2);
            DoubleVector a = wide(rows, at);
            DoubleVector b = wide(rows, at + 4L * DOUBLE_LANES);
            DoubleVector c = wide(rows, at + 8L * DOUBLE_LANES);
            DoubleVector d = wide(rows, at + 12L * DOUBLE_LANES);
            dot0 = wide(query, i).fma(a, dot0);
            dot1 = wide(query, i + DOUBLE_LANES).fma(b, dot1);
            dot2 = wide(query, i + 2 * DOUBLE_LANES).fma(c, dot2);
            dot3 = wide(query, i + 3 * DOUBLE_LANES).fma(d, dot3);
            square0 = a.fma(a, square0);
            square1 = b.fma(b, square1);
            square2 = c.fma(c, square2);
            square3 = d.fma(d, square3);
        }
        // vector tail
        for (int end = n - DOUBLE_LANES; i <= end; i += DOUBLE_LANES) {
            DoubleVector a = wide(rows, byteOffset + ((long) i << 2));
            dot0 = wide(query, i).fma(a, dot0);
            square0 = a.fma(a, square0);
        }
        double dot = total(dot0.add(dot1).add(dot2.add(dot3)));
        double square = total(square0.add(square1).add(square2.add(square3)));
        // scalar tail
        for (; i < n; i++) {
            double a = rows.get(ScalarKernels.FLOAT, byteOffset + ((long) i << 2));
            dot += query[i] * a;
            square += a * a;
        }
        dots[into] = dot;
        squares[into] = square;
    }

    static double squaredL2InDouble(float[] query, MemorySegment rows, long byteOffset) {
        int n = query.length;
        DoubleVector sum0 = DoubleVector.zero(DOUBLES);
        DoubleVector sum1 = DoubleVector.zero(DOUBLES);
        int i = 0;
        // unrolled body
        for (int end = n - 2 * DOUBLE_LANES; i <= end; i += 2 * DOUBLE_LANES) {
            long at = byteOffset + ((long) i << 2);
            DoubleVector a = wide(query, i).sub(wide(rows, at));
            DoubleVector b = wide(query, i + DOUBLE_LANES).sub(wide(rows, at + 4L * DOUBLE_LANES));
            sum0 = a.fma(a, sum0);
            sum1 = b.fma(b, sum1);
        }
        // vector tail
        for (int end = n - DOUBLE_LANES; i <= end; i += DOUBLE_LANES) {
            DoubleVector a = wide(query, i).sub(wide(rows, byteOffset + ((long) i << 2)));
            sum0 = a.fma(a, sum0);
        }
        double sum = total(sum0.add(sum1));
        // scalar tail
        for (; i < n; i++) {
            double a = (double) query[i] - rows.get(ScalarKernels.FLOAT, byteOffset + ((long) i << 2));
            sum += a * a;
        }
        return sum;
    }

    private static DoubleVector wide(float[] values, int from) {
        return (DoubleVector) FloatVector.fromArray(HALVES, values, from).convertShape(VectorOperators.F2D, DOUBLES, 0);
    }

    private static DoubleVector wide(MemorySegment rows, long byteOffset) {
        return (DoubleVector) FloatVector.fromMemorySegment(HALVES, rows, byteOffset, ORDER)
                .convertShape(VectorOperators.F2D, DOUBLES, 0);
    }

    private static double total(DoubleVector lanes) {
        DoubleVector folded = lanes;
        if (DOUBLE_LANES > 4) {
            folded = folded.add(folded.rearrange(DOUBLES_BY_4));
        }
        if (DOUBLE_LANES > 2) {
            folded = folded.add(folded.rearrange(DOUBLES_BY_2));
        }
        return folded.add(folded.rearrange(DOUBLES_BY_1)).lane(0);
    }
}
