package repscorer.codes;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import repscorer.vector.VectorOps;

/** Puts the values of a turned row on a grid whose step is the row's own. */
final class RabitqEncoder extends Encoder {

    /*
     * A row z is coded as the point v of the grid {-(L-1)/2, …, (L-1)/2}^d, L = 2^bits, and a factor f, so that f v is near to z. For
     * given v the best factor is z · v / |v|², and what is lost is |z|² - (z · v)² / |v|²: the v with the greatest cosine is the
     * best, as in [1, 2]. Values of a row that was turned by chance are nearly normal, and for those the best step of an even grid is
     * known [3]; it and some steps beside it are tried, for [2]'s walk through all steps gains next to nothing on that. With one bit v
     * is the sign, whatever the step.
     *
     * [1] Gao, Long: RaBitQ: Quantizing High-Dimensional Vectors with a Theoretical Error Bound for Approximate Nearest Neighbor Search.
     * SIGMOD 2024.
     * [2] Gao et al.: Practical and Asymptotically Optimal Quantization of High-Dimensional Vectors in Euclidean Space for Approximate
     * Nearest Neighbor Search. SIGMOD 2025.
     * [3] Max: Quantizing for Minimum Distortion. IRE Transactions on Information Theory, 1960.
     */

    /** By bits, for values of variance 1. */
    private static final float[] BEST_STEPS = {1, 1.596f, 0.9957f, 0.586f, 0.3352f, 0.1881f, 0.1041f, 0.0569f, 0.0308f};

    private static final float[] TRIED = {0.74f, 0.86f, 1, 1.16f, 1.35f};

    private final int levels;
    private final float unit;
    private final float[] row;
    private float[] point;
    private float[] best;

    RabitqEncoder(Codebook codebook) {
        super(codebook);
        int d = codebook.dimension();
        this.levels = 1 << codebook.bits();
        this.unit = codebook.tables().values()[levels - 1] - codebook.tables().values()[levels - 2];
        this.row = new float[d];
        this.point = new float[d];
        this.best = new float[d];
    }

    /** What the shared table holds for a codebook whose rows have a middle factor of so much. */
    static float[] table(int bits, float unit) {
        float[] table = new float[1 << bits];
        for (int c = 0; c < table.length; c++) {
            table[c] = unit * (c - (table.length - 1) / 2f);
        }
        return table;
    }

    /** The factor that a row of this norm may have. */
    static float factor(double norm, int dimension, int bits) {
        return (float) (norm / Math.sqrt(dimension) * BEST_STEPS[bits]);
    }

    @Override
    void encodeTurned(float[] rows, int count, MemorySegment into, long at) {
        int d = codebook.dimension();
        int rowBytes = codebook.rowBytes();
        for (int i = 0; i < count; i++) {
            System.arraycopy(rows, i * d, row, 0, d);
            float factor = choose();
            long code = at + (long) i * rowBytes;
            float middle = (levels - 1) / 2f;
            for (int j = 0; j < d; j++) {
                Bits.put(into, code, j, codebook.bits(), (int) (best[j] + middle));
            }
            Bits.putHalf(into, code + codebook.unitBytes(), factor / unit);
        }
    }

    /** Leaves the best point, and answers its factor. */
    private float choose() {
        int d = row.length;
        double norm = Math.sqrt(VectorOps.dot(row, 0, row, 0, d));
        float step = factor(norm, d, codebook.bits());
        if (!(step > 0) || step < Float.MIN_NORMAL) {
            Arrays.fill(best, (levels - 1) / 2f);
            return 0;
        }
        float bestFactor = 0;
        float bestCosine = -1;
        for (float tried : TRIED) {
            onGrid(1 / (tried * step));
            float product = VectorOps.dot(row, 0, point, 0, d);
            float squares = VectorOps.dot(point, 0, point, 0, d);
            float cosine = (float) (product / Math.sqrt(squares));
            if (cosine > bestCosine) {
                bestCosine = cosine;
                bestFactor = product / squares;
                float[] other = best;
                best = point;
                point = other;
            }
            if (levels == 2) {
                break;
            }
        }
        return bestFactor;
    }

    private void onGrid(float scale) {
        float half = levels / 2f;
        float last = levels - 1;
        float middle = last / 2f;
        float[] from = row;
        float[] to = point;
        for (int j = 0; j < from.length; j++) {
            float place = Math.min(Math.max(from[j] * scale + half, 0), last);
            to[j] = (int) place - middle;
        }
    }
}
