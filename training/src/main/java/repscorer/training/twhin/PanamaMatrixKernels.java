package repscorer.training.twhin;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** SIMD loops. */
final class PanamaMatrixKernels implements MatrixKernels {

    /*
     * The product is cut three times, after Goto and van de Geijn [1]: a slab of B of K_BLOCK × N_BLOCK is copied into panels of
     * two vectors' width, which lie in the second cache together and in the first one by one; M_BLOCK rows of A pass over all
     * panels while they are in the second cache; and a tile of a few rows by two vectors of C is summed in registers. With 16
     * lanes there are 8 rows: 16 sums hide a fused multiply-add's latency of 4 cycles on two ports, and a step loads 10 values for 16
     * multiply-adds. With fewer lanes there are 16 registers, and 4 rows. Tiles over the edge of C are summed in a copy.
     *
     * [1] Goto and van de Geijn, Anatomy of High-Performance Matrix Multiplication, ACM TOMS 34(3), 2008.
     */

    private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Integer> INTS = VectorSpecies.of(int.class, FLOATS.vectorShape());
    private static final int LANES = FLOATS.length();
    private static final int PANEL = 2 * LANES;

    private static final int K_BLOCK = 256;
    private static final int N_BLOCK = 512;
    private static final int M_BLOCK = 64;

    private static final float LOG2_E = 1.442695f;
    private static final float EXPONENT_MAX = 126;

    private final float[] packedB = new float[K_BLOCK * N_BLOCK];
    private final float[] packedA = new float[K_BLOCK * M_BLOCK];

    /** Of a tile. */
    private final int rowsOfTile;

    private final float[] tile;

    PanamaMatrixKernels() {
        this(LANES >= 16 ? 8 : 4);
    }

    /** @param rowsOfTile 4 or 8, whatever suits the registers there are; the sums are the same */
    PanamaMatrixKernels(int rowsOfTile) {
        this.rowsOfTile = rowsOfTile;
        this.tile = new float[rowsOfTile * PANEL];
    }

    @Override
    public void multiplyAdd(
            int m,
            int n,
            int k,
            float[] a,
            int aFrom,
            int aRow,
            int aColumn,
            float[] b,
            int bFrom,
            int bRow,
            int bColumn,
            float[] c,
            int cRow) {
        for (int j0 = 0; j0 < n; j0 += N_BLOCK) {
            int columns = Math.min(N_BLOCK, n - j0);
            for (int p0 = 0; p0 < k; p0 += K_BLOCK) {
                int depth = Math.min(K_BLOCK, k - p0);
                packB(b, bFrom + p0 * bRow + j0 * bColumn, bRow, bColumn, depth, columns);
                for (int i0 = 0; i0 < m; i0 += M_BLOCK) {
                    int rows = Math.min(M_BLOCK, m - i0);
                    int from = aFrom + i0 * aRow + p0 * aColumn;
                    if (aColumn == 1) {
                        block(rows, columns, depth, a, from, aRow, c, i0 * cRow + j0, cRow);
                    } else {
                        packA(a, from, aRow, aColumn, depth, rows);
                        block(rows, columns, depth, packedA, 0, K_BLOCK, c, i0 * cRow + j0, cRow);
                    }
                }
            }
        }
    }

    /** Panels one after another, each {@code depth} × PANEL, the last one filled up with zeros. */
    private void packB(float[] b, int from, int bRow, int bColumn, int depth, int columns) {
        for (int j = 0; j < columns; j += PANEL) {
            int width = Math.min(PANEL, columns - j);
            int to = j * K_BLOCK;
            if (width < PANEL) {
                java.util.Arrays.fill(packedB, to, to + depth * PANEL, 0);
            }
            if (bColumn == 1) {
                for (int p = 0; p < depth; p++) {
                    System.arraycopy(b, from + p * bRow + j, packedB, to + p * PANEL, width);
                }
            } else {
                for (int w = 0; w < width; w++) {
                    int at = from + (j + w) * bColumn;
                    for (int p = 0; p < depth; p++) {
                        packedB[to + p * PANEL + w] = b[at + p * bRow];
                    }
                }
            }
        }
    }

    /** Rows of K_BLOCK values. */
    private void packA(float[] a, int from, int aRow, int aColumn, int depth, int rows) {
        for (int p = 0; p < depth; p++) {
            int at = from + p * aColumn;
            for (int i = 0; i < rows; i++) {
                packedA[i * K_BLOCK + p] = a[at + i * aRow];
            }
        }
    }

    private void block(
            int rows, int columns, int depth, float[] a, int aFrom, int aRow, float[] c, int cFrom, int cRow) {
        for (int j = 0; j < columns; j += PANEL) {
            int panel = j * K_BLOCK;
            for (int i = 0; i < rows; i += rowsOfTile) {
                int cAt = cFrom + i * cRow + j;
                int height = Math.min(rowsOfTile, rows - i);
                int width = Math.min(PANEL, columns - j);
                if (height == rowsOfTile && width == PANEL) {
                    tile(depth, a, aFrom + i * aRow, aRow, rowsOfTile - 1, panel, c, cAt, cRow);
                } else {
                    for (int r = 0; r < height; r++) {
                        System.arraycopy(c, cAt + r * cRow, tile, r * PANEL, width);
                    }
                    tile(depth, a, aFrom + i * aRow, aRow, height - 1, panel, tile, 0, PANEL);
                    for (int r = 0; r < height; r++) {
                        System.arraycopy(tile, r * PANEL, c, cAt + r * cRow, width);
                    }
                }
            }
        }
    }

    /** @param last the last row of A that there is; sums of rows beyond it repeat it and are not looked at */
    private void tile(int depth, float[] a, int aFrom, int aRow, int last, int panel, float[] c, int cFrom, int cRow) {
        int a0 = aFrom;
        int a1 = aFrom + Math.min(1, last) * aRow;
        int a2 = aFrom + Math.min(2, last) * aRow;
        int a3 = aFrom + Math.min(3, last) * aRow;
        if (rowsOfTile == 4) {
            tile4(depth, a, a0, a1, a2, a3, packedB, panel, c, cFrom, cRow);
            return;
        }
        int a4 = aFrom + Math.min(4, last) * aRow;
        int a5 = aFrom + Math.min(5, last) * aRow;
        int a6 = aFrom + Math.min(6, last) * aRow;
        int a7 = aFrom + Math.min(7, last) * aRow;
        tile8(depth, a, a0, a1, a2, a3, a4, a5, a6, a7, packedB, panel, c, cFrom, cRow);
    }

    private static void tile8(
            int depth,
            float[] a,
            int a0,
            int a1,
            int a2,
            int a3,
            int a4,
            int a5,
            int a6,
            int a7,
            float[] b,
            int bFrom,
            float[] c,
            int cFrom,
            int cRow) {
        FloatVector s00 = FloatVector.fromArray(FLOATS, c, cFrom);
        FloatVector s01 = FloatVector.fromArray(FLOATS, c, cFrom + LANES);
        FloatVector s10 = FloatVector.fromArray(FLOATS, c, cFrom + cRow);
        FloatVector s11 = FloatVector.fromArray(FLOATS, c, cFrom + cRow + LANES);
        FloatVector s20 = FloatVector.fromArray(FLOATS, c, cFrom + 2 * cRow);
        FloatVector s21 = FloatVector.fromArray(FLOATS, c, cFrom + 2 * cRow + LANES);
        FloatVector s30 = FloatVector.fromArray(FLOATS, c, cFrom + 3 * cRow);
        FloatVector s31 = FloatVector.fromArray(FLOATS, c, cFrom + 3 * cRow + LANES);
        FloatVector s40 = FloatVector.fromArray(FLOATS, c, cFrom + 4 * cRow);
        FloatVector s41 = FloatVector.fromArray(FLOATS, c, cFrom + 4 * cRow + LANES);
        FloatVector s50 = FloatVector.fromArray(FLOATS, c, cFrom + 5 * cRow);
        FloatVector s51 = FloatVector.fromArray(FLOATS, c, cFrom + 5 * cRow + LANES);
        FloatVector s60 = FloatVector.fromArray(FLOATS, c, cFrom + 6 * cRow);
        FloatVector s61 = FloatVector.fromArray(FLOATS, c, cFrom + 6 * cRow + LANES);
        FloatVector s70 = FloatVector.fromArray(FLOATS, c, cFrom + 7 * cRow);
        FloatVector s71 = FloatVector.fromArray(FLOATS, c, cFrom + 7 * cRow + LANES);
        for (int p = 0; p < depth; p++) {
            FloatVector b0 = FloatVector.fromArray(FLOATS, b, bFrom + p * PANEL);
            FloatVector b1 = FloatVector.fromArray(FLOATS, b, bFrom + p * PANEL + LANES);
            FloatVector x0 = FloatVector.broadcast(FLOATS, a[a0 + p]);
            s00 = x0.fma(b0, s00);
            s01 = x0.fma(b1, s01);
            FloatVector x1 = FloatVector.broadcast(FLOATS, a[a1 + p]);
            s10 = x1.fma(b0, s10);
            s11 = x1.fma(b1, s11);
            FloatVector x2 = FloatVector.broadcast(FLOATS, a[a2 + p]);
            s20 = x2.fma(b0, s20);
            s21 = x2.fma(b1, s21);
            FloatVector x3 = FloatVector.broadcast(FLOATS, a[a3 + p]);
            s30 = x3.fma(b0, s30);
            s31 = x3.fma(b1, s31);
            FloatVector x4 = FloatVector.broadcast(FLOATS, a[a4 + p]);
            s40 = x4.fma(b0, s40);
            s41 = x4.fma(b1, s41);
            FloatVector x5 = FloatVector.broadcast(FLOATS, a[a5 + p]);
            s50 = x5.fma(b0, s50);
            s51 = x5.fma(b1, s51);
            FloatVector x6 = FloatVector.broadcast(FLOATS, a[a6 + p]);
            s60 = x6.fma(b0, s60);
            s61 = x6.fma(b1, s61);
            FloatVector x7 = FloatVector.broadcast(FLOATS, a[a7 + p]);
            s70 = x7.fma(b0, s70);
            s71 = x7.fma(b1, s71);
        }
        s00.intoArray(c, cFrom);
        s01.intoArray(c, cFrom + LANES);
        s10.intoArray(c, cFrom + cRow);
        s11.intoArray(c, cFrom + cRow + LANES);
        s20.intoArray(c, cFrom + 2 * cRow);
        s21.intoArray(c, cFrom + 2 * cRow + LANES);
        s30.intoArray(c, cFrom + 3 * cRow);
        s31.intoArray(c, cFrom + 3 * cRow + LANES);
        s40.intoArray(c, cFrom + 4 * cRow);
        s41.intoArray(c, cFrom + 4 * cRow + LANES);
        s50.intoArray(c, cFrom + 5 * cRow);
        s51.intoArray(c, cFrom + 5 * cRow + LANES);
        s60.intoArray(c, cFrom + 6 * cRow);
        s61.intoArray(c, cFrom + 6 * cRow + LANES);
        s70.intoArray(c, cFrom + 7 * cRow);
        s71.intoArray(c, cFrom + 7 * cRow + LANES);
    }

    private static void tile4(
            int depth,
            float[] a,
            int a0,
            int a1,
            int a2,
            int a3,
            float[] b,
            int bFrom,
            float[] c,
            int cFrom,
            int cRow) {
        FloatVector s00 = FloatVector.fromArray(FLOATS, c, cFrom);
        FloatVector s01 = FloatVector.fromArray(FLOATS, c, cFrom + LANES);
        FloatVector s10 = FloatVector.fromArray(FLOATS, c, cFrom + cRow);
        FloatVector s11 = FloatVector.fromArray(FLOATS, c, cFrom + cRow + LANES);
        FloatVector s20 = FloatVector.fromArray(FLOATS, c, cFrom + 2 * cRow);
        FloatVector s21 = FloatVector.fromArray(FLOATS, c, cFrom + 2 * cRow + LANES);
        FloatVector s30 = FloatVector.fromArray(FLOATS, c, cFrom + 3 * cRow);
        FloatVector s31 = FloatVector.fromArray(FLOATS, c, cFrom + 3 * cRow + LANES);
        for (int p = 0; p < depth; p++) {
            FloatVector b0 = FloatVector.fromArray(FLOATS, b, bFrom + p * PANEL);
            FloatVector b1 = FloatVector.fromArray(FLOATS, b, bFrom + p * PANEL + LANES);
            FloatVector x0 = FloatVector.broadcast(FLOATS, a[a0 + p]);
            s00 = x0.fma(b0, s00);
            s01 = x0.fma(b1, s01);
            FloatVector x1 = FloatVector.broadcast(FLOATS, a[a1 + p]);
            s10 = x1.fma(b0, s10);
            s11 = x1.fma(b1, s11);
            FloatVector x2 = FloatVector.broadcast(FLOATS, a[a2 + p]);
            s20 = x2.fma(b0, s20);
            s21 = x2.fma(b1, s21);
            FloatVector x3 = FloatVector.broadcast(FLOATS, a[a3 + p]);
            s30 = x3.fma(b0, s30);
            s31 = x3.fma(b1, s31);
        }
        s00.intoArray(c, cFrom);
        s01.intoArray(c, cFrom + LANES);
        s10.intoArray(c, cFrom + cRow);
        s11.intoArray(c, cFrom + cRow + LANES);
        s20.intoArray(c, cFrom + 2 * cRow);
        s21.intoArray(c, cFrom + 2 * cRow + LANES);
        s30.intoArray(c, cFrom + 3 * cRow);
        s31.intoArray(c, cFrom + 3 * cRow + LANES);
    }

    @Override
    public void sigmoid(float[] x, int from, int n) {
        FloatVector one = FloatVector.broadcast(FLOATS, 1f);
        int bound = from + FLOATS.loopBound(n);
        for (int i = from; i < bound; i += LANES) {
            FloatVector power = exponential(FloatVector.fromArray(FLOATS, x, i).neg());
            one.div(power.add(one)).intoArray(x, i);
        }
        for (int i = bound; i < from + n; i++) {
            x[i] = ScalarMatrixKernels.sigmoid(x[i]);
        }
    }

    @Override
    public double exponentials(float[] x, int from, int n, float shift) {
        FloatVector sum = FloatVector.zero(FLOATS);
        int bound = from + FLOATS.loopBound(n);
        for (int i = from; i < bound; i += LANES) {
            FloatVector power = exponential(FloatVector.fromArray(FLOATS, x, i).sub(shift));
            power.intoArray(x, i);
            sum = sum.add(power);
        }
        // Added in the lanes' order: reduceLanes may take another one once it is compiled, and runs would differ.
        sum.intoArray(tile, 0);
        double total = 0;
        for (int lane = 0; lane < LANES; lane++) {
            total += tile[lane];
        }
        for (int i = bound; i < from + n; i++) {
            x[i] = (float) Math.exp(x[i] - shift);
            total += x[i];
        }
        return total;
    }

    @Override
    public float max(float[] x, int from, int n) {
        FloatVector most = FloatVector.broadcast(FLOATS, Float.NEGATIVE_INFINITY);
        int bound = from + FLOATS.loopBound(n);
        for (int i = from; i < bound; i += LANES) {
            most = most.max(FloatVector.fromArray(FLOATS, x, i));
        }
        float max = most.reduceLanes(VectorOperators.MAX);
        for (int i = bound; i < from + n; i++) {
            max = Math.max(max, x[i]);
        }
        return max;
    }

    @Override
    public void adagrad(float[] values, float[] sums, int at, float[] gradients, int from, int n, float rate) {
        int bound = FLOATS.loopBound(n);
        for (int j = 0; j < bound; j += LANES) {
            FloatVector g = FloatVector.fromArray(FLOATS, gradients, from + j);
            FloatVector sum = g.fma(g, FloatVector.fromArray(FLOATS, sums, at + j));
            sum.intoArray(sums, at + j);
            FloatVector step = g.mul(rate).div(sum.add(ADAGRAD_EPSILON).sqrt());
            FloatVector.fromArray(FLOATS, values, at + j).sub(step).intoArray(values, at + j);
        }
        for (int j = bound; j < n; j++) {
            float g = gradients[from + j];
            float sum = sums[at + j] + g * g;
            sums[at + j] = sum;
            values[at + j] -= rate * g / (float) Math.sqrt(sum + ADAGRAD_EPSILON);
        }
    }

    @Override
    public void combine(float[] y, int yAt, float a, float[] x, int xAt, float b, int n) {
        int bound = FLOATS.loopBound(n);
        for (int j = 0; j < bound; j += LANES) {
            FloatVector.fromArray(FLOATS, y, yAt + j)
                    .mul(a)
                    .add(FloatVector.fromArray(FLOATS, x, xAt + j).mul(b))
                    .intoArray(y, yAt + j);
        }
        for (int j = bound; j < n; j++) {
            y[yAt + j] = a * y[yAt + j] + b * x[xAt + j];
        }
    }

    /** e^x, held within 2^-126 and 2^126. */
    private static FloatVector exponential(FloatVector x) {
        // e^x = 2^t with t = x·log2(e), split at the floor: the whole part goes into the exponent's bits, the rest f in
        // [0, 1]
        // through the series of 2^f, whose seventh power leaves an error below 1e-6.
        FloatVector t = x.mul(LOG2_E).max(-EXPONENT_MAX).min(EXPONENT_MAX);
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
        return power.mul(whole.lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats());
    }
}
