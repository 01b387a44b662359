package repscorer.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** Rows times a matrix in SIMD, for {@link PanamaKernels}. */
final class PanamaProductKernels {

    /*
     * The matrix is read row by row, so that sums of many columns stand in registers and no lanes have to be added. Four rows at a
     * time read it once for all of them: a matrix of 256 × 256 lies in the second cache, whose width is what a single row waits
     * for. Each sum is taken in the order of the matrix's rows, however many rows there are beside it: one row has one product.
     */

    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();

    private PanamaProductKernels() {}

    static void addProducts(float[] x, int rows, int in, float[] matrix, int out, float[] y) {
        int row = 0;
        for (; row + 4 <= rows; row += 4) {
            ofFour(x, row * in, in, matrix, out, y, row * out);
        }
        for (; row < rows; row++) {
            ofOne(x, row * in, in, matrix, out, y, row * out);
        }
    }

    private static void ofFour(float[] x, int xAt, int in, float[] m, int out, float[] y, int yAt) {
        int column = 0;
        for (; column + 4 * LANES <= out; column += 4 * LANES) {
            fourByFour(x, xAt, in, m, column, out, y, yAt + column);
        }
        for (; column + LANES <= out; column += LANES) {
            fourByOne(x, xAt, in, m, column, out, y, yAt + column);
        }
        for (int row = 0; row < 4; row++) {
            ScalarKernels.addProduct(x, xAt + row * in, in, m, column, out, y, yAt + row * out);
        }
    }

    private static void fourByFour(float[] x, int x0, int in, float[] m, int column, int out, float[] y, int y0) {
        int x1 = x0 + in;
        int x2 = x1 + in;
        int x3 = x2 + in;
        int y1 = y0 + out;
        int y2 = y1 + out;
        int y3 = y2 + out;
        FloatVector s00 = load(y, y0);
        FloatVector s01 = load(y, y0 + LANES);
        FloatVector s02 = load(y, y0 + 2 * LANES);
        FloatVector s03 = load(y, y0 + 3 * LANES);
        FloatVector s10 = load(y, y1);
        FloatVector s11 = load(y, y1 + LANES);
        FloatVector s12 = load(y, y1 + 2 * LANES);
        FloatVector s13 = load(y, y1 + 3 * LANES);
        FloatVector s20 = load(y, y2);
        FloatVector s21 = load(y, y2 + LANES);
        FloatVector s22 = load(y, y2 + 2 * LANES);
        FloatVector s23 = load(y, y2 + 3 * LANES);
        FloatVector s30 = load(y, y3);
        FloatVector s31 = load(y, y3 + LANES);
        FloatVector s32 = load(y, y3 + 2 * LANES);
        FloatVector s33 = load(y, y3 + 3 * LANES);
        for (int i = 0, at = column; i < in; i++, at += out) {
            FloatVector m0 = load(m, at);
            FloatVector m1 = load(m, at + LANES);
            FloatVector m2 = load(m, at + 2 * LANES);
            FloatVector m3 = load(m, at + 3 * LANES);
            FloatVector a = FloatVector.broadcast(SPECIES, x[x0 + i]);
            s00 = a.fma(m0, s00);
            s01 = a.fma(m1, s01);
            s02 = a.fma(m2, s02);
            s03 = a.fma(m3, s03);
            FloatVector b = FloatVector.broadcast(SPECIES, x[x1 + i]);
            s10 = b.fma(m0, s10);
            s11 = b.fma(m1, s11);
            s12 = b.fma(m2, s12);
            s13 = b.fma(m3, s13);
            FloatVector c = FloatVector.broadcast(SPECIES, x[x2 + i]);
            s20 = c.fma(m0, s20);
            s21 = c.fma(m1, s21);
            s22 = c.fma(m2, s22);
            s23 = c.fma(m3, s23);
            FloatVector d = FloatVector.broadcast(SPECIES, x[x3 + i]);
            s30 = d.fma(m0, s30);
            s31 = d.fma(m1, s31);
            s32 = d.fma(m2, s32);
            s33 = d.fma(m3, s33);
        }
        s00.intoArray(y, y0);
        s01.intoArray(y, y0 + LANES);
        s02.intoArray(y, y0 + 2 * LANES);
        s03.intoArray(y, y0 + 3 * LANES);
        s10.intoArray(y, y1);
        s11.intoArray(y, y1 + LANES);
        s12.intoArray(y, y1 + 2 * LANES);
        s13.intoArray(y, y1 + 3 * LANES);
        s20.intoArray(y, y2);
        s21.intoArray(y, y2 + LANES);
        s22.intoArray(y, y2 + 2 * LANES);
        s23.intoArray(y, y2 + 3 * LANES);
        s30.intoArray(y, y3);
        s31.intoArray(y, y3 + LANES);
        s32.intoArray(y, y3 + 2 * LANES);
        s33.intoArray(y, y3 + 3 * LANES);
    }

    private static void fourByOne(float[] x, int x0, int in, float[] m, int column, int out, float[] y, int y0) {
        FloatVector sum0 = load(y, y0);
        FloatVector sum1 = load(y, y0 + out);
        FloatVector sum2 = load(y, y0 + 2 * out);
        FloatVector sum3 = load(y, y0 + 3 * out);
        for (int i = 0, at = column; i < in; i++, at += out) {
            FloatVector values = load(m, at);
            sum0 = FloatVector.broadcast(SPECIES, x[x0 + i]).fma(values, sum0);
            sum1 = FloatVector.broadcast(SPECIES, x[x0 + in + i]).fma(values, sum1);
            sum2 = FloatVector.broadcast(SPECIES, x[x0 + 2 * in + i]).fma(values, sum2);
            sum3 = FloatVector.broadcast(SPECIES, x[x0 + 3 * in + i]).fma(values, sum3);
        }
        sum0.intoArray(y, y0);
        sum1.intoArray(y, y0 + out);
        sum2.intoArray(y, y0 + 2 * out);
        sum3.intoArray(y, y0 + 3 * out);
    }

    private static void ofOne(float[] x, int xAt, int in, float[] m, int out, float[] y, int yAt) {
        int column = 0;
        for (; column + 8 * LANES <= out; column += 8 * LANES) {
            oneByEight(x, xAt, in, m, column, out, y, yAt + column);
        }
        for (; column + 4 * LANES <= out; column += 4 * LANES) {
            oneByFour(x, xAt, in, m, column, out, y, yAt + column);
        }
        for (; column + LANES <= out; column += LANES) {
            FloatVector sum = load(y, yAt + column);
            for (int i = 0, at = column; i < in; i++, at += out) {
                sum = FloatVector.broadcast(SPECIES, x[xAt + i]).fma(load(m, at), sum);
            }
            sum.intoArray(y, yAt + column);
        }
        ScalarKernels.addProduct(x, xAt, in, m, column, out, y, yAt);
    }

    private static void oneByEight(float[] x, int xAt, int in, float[] m, int column, int out, float[] y, int yAt) {
        FloatVector sum0 = load(y, yAt);
        FloatVector sum1 = load(y, yAt + LANES);
        FloatVector sum2 = load(y, yAt + 2 * LANES);
        FloatVector sum3 = load(y, yAt + 3 * LANES);
        FloatVector sum4 = load(y, yAt + 4 * LANES);
        FloatVector sum5 = load(y, yAt + 5 * LANES);
        FloatVector sum6 = load(y, yAt + 6 * LANES);
        FloatVector sum7 = load(y, yAt + 7 * LANES);
        for (int i = 0, at = column; i < in; i++, at += out) {
            FloatVector value = FloatVector.broadcast(SPECIES, x[xAt + i]);
            sum0 = value.fma(load(m, at), sum0);
            sum1 = value.fma(load(m, at + LANES), sum1);
            sum2 = value.fma(load(m, at + 2 * LANES), sum2);
            sum3 = value.fma(load(m, at + 3 * LANES), sum3);
            sum4 = value.fma(load(m, at + 4 * LANES), sum4);
            sum5 = value.fma(load(m, at + 5 * LANES), sum5);
            sum6 = value.fma(load(m, at + 6 * LANES), sum6);
            sum7 = value.fma(load(m, at + 7 * LANES), sum7);
        }
        sum0.intoArray(y, yAt);
        sum1.intoArray(y, yAt + LANES);
        sum2.intoArray(y, yAt + 2 * LANES);
        sum3.intoArray(y, yAt + 3 * LANES);
        sum4.intoArray(y, yAt + 4 * LANES);
        sum5.intoArray(y, yAt + 5 * LANES);
        sum6.intoArray(y, yAt + 6 * LANES);
        sum7.intoArray(y, yAt + 7 * LANES);
    }

    private static void oneByFour(float[] x, int xAt, int in, float[] m, int column, int out, float[] y, int yAt) {
        FloatVector sum0 = load(y, yAt);
        FloatVector sum1 = load(y, yAt + LANES);
        FloatVector sum2 = load(y, yAt + 2 * LANES);
        FloatVector sum3 = load(y, yAt + 3 * LANES);
        for (int i = 0, at = column; i < in; i++, at += out) {
            FloatVector value = FloatVector.broadcast(SPECIES, x[xAt + i]);
            sum0 = value.fma(load(m, at), sum0);
            sum1 = value.fma(load(m, at + LANES), sum1);
            sum2 = value.fma(load(m, at + 2 * LANES), sum2);
            sum3 = value.fma(load(m, at + 3 * LANES), sum3);
        }
        sum0.intoArray(y, yAt);
        sum1.intoArray(y, yAt + LANES);
        sum2.intoArray(y, yAt + 2 * LANES);
        sum3.intoArray(y, yAt + 3 * LANES);
    }

    private static FloatVector load(float[] values, int from) {
        return FloatVector.fromArray(SPECIES, values, from);
    }
}
