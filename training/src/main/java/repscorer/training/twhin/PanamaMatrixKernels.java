package repscorer.training.twhin;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** SIMD loops. */
final class PanamaMatrixKernels implements MatrixKernels {

    /*
     * The product is built in blocks of 4 rows by 2 vectors: 8 sums are kept in registers, which is what it takes to hide a
     * fused multiply-add's latency of 4 cycles on two ports, and with 2 vectors of b and 1 of a fits the 16 registers of AVX2.
     * Per step a block loads 6 values and does 8 multiply-adds.
     */

    private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Integer> INTS = VectorSpecies.of(int.class, FLOATS.vectorShape());
    private static final int LANES = FLOATS.length();

    private static final float LOG2_E = 1.442695f;
    private static final float EXPONENT_MAX = 126;

    @Override
    public void multiplyAdd(int m, int n, int k, float[] a, int aRow, int aColumn, float[] b, float[] c) {
        int rowsBlocked = m - m % 4;
        int columnsBlocked = n - n % (2 * LANES);
        for (int j = 0; j < columnsBlocked; j += 2 * LANES) {
            for (int i = 0; i < rowsBlocked; i += 4) {
                block(i, j, n, k, a, aRow, aColumn, b, c);
            }
        }
        for (int i = 0; i < m; i++) {
            int from = i < rowsBlocked ? columnsBlocked : 0;
            if (from < n) {
                ScalarMatrixKernels.rowMultiplyAdd(i, from, n, n, k, a, aRow, aColumn, b, c);
            }
        }
    }

    private static void block(int i, int j, int n, int k, float[] a, int aRow, int aColumn, float[] b, float[] c) {
        int c0 = i * n + j;
        int c1 = c0 + n;
        int c2 = c1 + n;
        int c3 = c2 + n;
        FloatVector s00 = FloatVector.fromArray(FLOATS, c, c0);
        FloatVector s01 = FloatVector.fromArray(FLOATS, c, c0 + LANES);
        FloatVector s10 = FloatVector.fromArray(FLOATS, c, c1);
        FloatVector s11 = FloatVector.fromArray(FLOATS, c, c1 + LANES);
        FloatVector s20 = FloatVector.fromArray(FLOATS, c, c2);
        FloatVector s21 = FloatVector.fromArray(FLOATS, c, c2 + LANES);
        FloatVector s30 = FloatVector.fromArray(FLOATS, c, c3);
        FloatVector s31 = FloatVector.fromArray(FLOATS, c, c3 + LANES);
        int a0 = i * aRow;
        int a1 = a0 + aRow;
        int a2 = a1 + aRow;
        int a3 = a2 + aRow;
        int bAt = j;
        for (int p = 0; p < k; p++) {
            FloatVector b0 = FloatVector.fromArray(FLOATS, b, bAt);
            FloatVector b1 = FloatVector.fromArray(FLOATS, b, bAt + LANES);
            FloatVector x0 = FloatVector.broadcast(FLOATS, a[a0]);
            s00 = x0.fma(b0, s00);
            s01 = x0.fma(b1, s01);
            FloatVector x1 = FloatVector.broadcast(FLOATS, a[a1]);
            s10 = x1.fma(b0, s10);
            s11 = x1.fma(b1, s11);
            FloatVector x2 = FloatVector.broadcast(FLOATS, a[a2]);
            s20 = x2.fma(b0, s20);
            s21 = x2.fma(b1, s21);
            FloatVector x3 = FloatVector.broadcast(FLOATS, a[a3]);
            s30 = x3.fma(b0, s30);
            s31 = x3.fma(b1, s31);
            a0 += aColumn;
            a1 += aColumn;
            a2 += aColumn;
            a3 += aColumn;
            bAt += n;
        }
        s00.intoArray(c, c0);
        s01.intoArray(c, c0 + LANES);
        s10.intoArray(c, c1);
        s11.intoArray(c, c1 + LANES);
        s20.intoArray(c, c2);
        s21.intoArray(c, c2 + LANES);
        s30.intoArray(c, c3);
        s31.intoArray(c, c3 + LANES);
    }

    @Override
    public void sigmoid(float[] x, int n) {
        int bound = FLOATS.loopBound(n);
        for (int i = 0; i < bound; i += LANES) {
            // e^-x = 2^t with t = -x·log2(e), split at the floor: the whole part goes into the exponent's bits, the
            // rest
            // f in [0, 1] through the series of 2^f, whose seventh power leaves an error below 1e-6.
            FloatVector t = FloatVector.fromArray(FLOATS, x, i)
                    .mul(-LOG2_E)
                    .max(-EXPONENT_MAX)
                    .min(EXPONENT_MAX);
            IntVector whole = (IntVector) t.add(EXPONENT_MAX + 1).convertShape(VectorOperators.F2I, INTS, 0);
            FloatVector f = t.sub(((FloatVector) whole.convertShape(VectorOperators.I2F, FLOATS, 0)).sub(127f));
            FloatVector power = FloatVector.broadcast(FLOATS, 1.5252734e-5f);
            power = power.fma(f, FloatVector.broadcast(FLOATS, 1.5403530e-4f));
            power = power.fma(f, FloatVector.broadcast(FLOATS, 1.3333558e-3f));
            power = power.fma(f, FloatVector.broadcast(FLOATS, 9.618129e-3f));
            power = power.fma(f, FloatVector.broadcast(FLOATS, 5.550411e-2f));
            power = power.fma(f, FloatVector.broadcast(FLOATS, 2.402265e-1f));
            power = power.fma(f, FloatVector.broadcast(FLOATS, 6.931472e-1f));
            power = power.fma(f, FloatVector.broadcast(FLOATS, 1f));
            FloatVector twoToWhole = whole.lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
            FloatVector.broadcast(FLOATS, 1f)
                    .div(power.fma(twoToWhole, FloatVector.broadcast(FLOATS, 1f)))
                    .intoArray(x, i);
        }
        for (int i = bound; i < n; i++) {
            x[i] = ScalarMatrixKernels.sigmoid(x[i]);
        }
    }
}
