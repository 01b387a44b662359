package repscorer.codes;

import java.util.Arrays;
import repscorer.vector.VectorOps;

/**
 * Seeks the entries, one of each of m tables, whose sum is nearest to a row. Immutable and safe for concurrent use; each thread has a
 * {@link Scratch}.
 */
final class ResidualSearch {

    /*
     * |x − Σ c|² less |x|² is Σ (|c|² − 2 x · c) + Σ 2 c · c' over pairs: with the products of all entries of all tables at hand, a search
     * adds up rows of them and never looks at x again. They take (m · 2^bits)² floats, which is why a code has groups of 16 units.
     *
     * 1. Beam search: table by table, the best partial sums are kept.
     * 2. Conditional modes: each unit in turn takes the best entry for the others as they are, until none changes (iterated conditional
     *    modes, as [1] has it). What each entry of each unit would cost is kept at hand, and only a unit that changes is paid for.
     * 3. Perturbed: some units are drawn anew and step 2 repeated; what is better stays [1]. The draws are the same for every row, so that a
     *    code depends on its row alone.
     *
     * [1] Martinez, Zakhmi, Hoos, Little: LSQ++: Lower running time and higher recall in multi-codebook quantization, ECCV 2018.
     */

    private static final int BATCH = 8;
    private static final int SWEEPS_MAX = 4;
    private static final long DRAWS = 0x9E3779B97F4A7C15L;

    private final int m;
    private final int k;
    private final int width;
    private final int beam;
    private final int perturbed;

    /** Width × (m · k): entries as columns. */
    private final float[] columns;

    private final float[] norms;

    /** Twice the products of entries of tables s and t at s · m + t, k × k; empty for s = t. */
    private final float[][] products;

    /**
     * @param values m × k × width; read here only
     * @param beam partial sums kept
     * @param perturbed how often units are drawn anew
     */
    ResidualSearch(float[] values, int m, int k, int width, int beam, int perturbed) {
        this.m = m;
        this.k = k;
        this.width = width;
        this.beam = beam;
        this.perturbed = m > 1 ? perturbed : 0;
        this.columns = new float[width * m * k];
        this.norms = new float[m * k];
        for (int e = 0; e < m * k; e++) {
            norms[e] = VectorOps.dot(values, e * width, values, e * width, width);
            for (int j = 0; j < width; j++) {
                columns[j * m * k + e] = values[e * width + j];
            }
        }
        this.products = new float[m * m][];
        Arrays.fill(products, new float[0]);
        for (int s = 0; s < m; s++) {
            for (int t = s + 1; t < m; t++) {
                multiply(values, s, t);
            }
        }
    }

    private void multiply(float[] values, int s, int t) {
        float[] left = Arrays.copyOfRange(values, s * k * width, (s + 1) * k * width);
        for (int i = 0; i < left.length; i++) {
            left[i] *= 2;
        }
        float[] right = new float[width * k];
        for (int j = 0; j < width; j++) {
            System.arraycopy(columns, j * m * k + t * k, right, j * k, k);
        }
        float[] product = new float[k * k];
        VectorOps.addProducts(left, k, width, right, k, product);
        products[s * m + t] = product;
        products[t * m + s] = Rotations.transposed(product, k);
    }

    /** What one thread searches with. */
    final class Scratch {

        private final float[] scaled = new float[BATCH * width];
        private final float[] alone = new float[BATCH * m * k];
        private final float[] costs = new float[k];
        private int[] beams = new int[beam * m];
        private int[] next = new int[beam * m];
        private float[] scores = new float[beam];
        private float[] nextScores = new float[beam];
        private final int[] nextFrom = new int[beam];
        private final int[] nextCode = new int[beam];
        private int[] best = new int[m];
        private int[] tried = new int[m];

        /** What the entries of each unit cost beside the other units of the best and of those that are tried. */
        private float[] bestCosts = new float[m * k];

        private float[] triedCosts = new float[m * k];

        /**
         * The codes of rows.
         *
         * @param rows the first row's first value at {@code at}, the next row's {@code stride} on
         * @param codes takes m for each row, {@code codesStride} apart; where {@code known}, they hold codes already, and are left
         *     where none better is found
         */
        void find(
                float[] rows, int at, int stride, int count, int[] codes, int codesAt, int codesStride, boolean known) {
            for (int begin = 0; begin < count; begin += BATCH) {
                int n = Math.min(BATCH, count - begin);
                for (int i = 0; i < n; i++) {
                    for (int j = 0; j < width; j++) {
                        scaled[i * width + j] = -2 * rows[at + (begin + i) * stride + j];
                    }
                    System.arraycopy(norms, 0, alone, i * m * k, m * k);
                }
                VectorOps.addProducts(scaled, n, width, columns, m * k, alone);
                for (int i = 0; i < n; i++) {
                    best(i * m * k, codes, codesAt + (begin + i) * codesStride, known);
                }
            }
        }

        private void best(int aloneAt, int[] codes, int codesAt, boolean known) {
            search(aloneAt);
            System.arraycopy(beams, 0, best, 0, m);
            fill(best, bestCosts, aloneAt);
            settle(best, bestCosts);
            float least = cost(best, aloneAt);
            if (known) {
                System.arraycopy(codes, codesAt, tried, 0, m);
                fill(tried, triedCosts, aloneAt);
                least = keepBetter(aloneAt, least);
            }
            long draw = DRAWS;
            int drawn = Math.max(1, m / 4);
            for (int time = 0; time < perturbed; time++) {
                System.arraycopy(best, 0, tried, 0, m);
                System.arraycopy(bestCosts, 0, triedCosts, 0, m * k);
                for (int i = 0; i < drawn; i++) {
                    draw = draw * 6364136223846793005L + 1442695040888963407L;
                    change(tried, triedCosts, (int) ((draw >>> 33) % m), (int) ((draw >>> 48) & (k - 1)));
                }
                least = keepBetter(aloneAt, least);
            }
            System.arraycopy(best, 0, codes, codesAt, m);
        }

        private float keepBetter(int aloneAt, float least) {
            settle(tried, triedCosts);
            float cost = cost(tried, aloneAt);
            if (cost >= least) {
                return least;
            }
            int[] codes = best;
            best = tried;
            tried = codes;
            float[] costsOfCodes = bestCosts;
            bestCosts = triedCosts;
            triedCosts = costsOfCodes;
            return cost;
        }

        /** Leaves the best sum first in the beam. */
        private void search(int aloneAt) {
            int size = 1;
            scores[0] = 0;
            for (int t = 0; t < m; t++) {
                int kept = 0;
                for (int b = 0; b < size; b++) {
                    System.arraycopy(alone, aloneAt + t * k, costs, 0, k);
                    for (int s = 0; s < t; s++) {
                        VectorOps.addScaled(costs, 0, 1, products[s * m + t], beams[b * m + s] * k, k);
                    }
                    kept = offer(b, kept);
                }
                for (int b = 0; b < kept; b++) {
                    System.arraycopy(beams, nextFrom[b] * m, next, b * m, t);
                    next[b * m + t] = nextCode[b];
                }
                int[] old = beams;
                beams = next;
                next = old;
                float[] oldScores = scores;
                scores = nextScores;
                nextScores = oldScores;
                size = kept;
            }
        }

        /** Puts the entries that a partial sum may go on by among the best. */
        private int offer(int b, int before) {
            int kept = before;
            float score = scores[b];
            float worst = kept == beam ? nextScores[beam - 1] : Float.POSITIVE_INFINITY;
            for (int c = 0; c < k; c++) {
                float cost = score + costs[c];
                if (cost < worst) {
                    int place = kept < beam ? kept++ : beam - 1;
                    for (; place > 0 && nextScores[place - 1] > cost; place--) {
                        nextScores[place] = nextScores[place - 1];
                        nextFrom[place] = nextFrom[place - 1];
                        nextCode[place] = nextCode[place - 1];
                    }
                    nextScores[place] = cost;
                    nextFrom[place] = b;
                    nextCode[place] = c;
                    worst = kept == beam ? nextScores[beam - 1] : Float.POSITIVE_INFINITY;
                }
            }
            return kept;
        }

        private void fill(int[] codes, float[] into, int aloneAt) {
            System.arraycopy(alone, aloneAt, into, 0, m * k);
            for (int s = 0; s < m; s++) {
                for (int t = 0; t < m; t++) {
                    if (s != t) {
                        VectorOps.addScaled(into, t * k, 1, products[s * m + t], codes[s] * k, k);
                    }
                }
            }
        }

        private void settle(int[] codes, float[] entryCosts) {
            boolean changed = m > 1;
            for (int sweep = 0; sweep < SWEEPS_MAX && changed; sweep++) {
                changed = false;
                for (int t = 0; t < m; t++) {
                    int least = VectorOps.leastAt(entryCosts, t * k, k);
                    if (entryCosts[t * k + least] < entryCosts[t * k + codes[t]]) {
                        change(codes, entryCosts, t, least);
                        changed = true;
                    }
                }
            }
        }

        private void change(int[] codes, float[] entryCosts, int s, int code) {
            for (int t = 0; t < m && code != codes[s]; t++) {
                if (t != s) {
                    float[] table = products[s * m + t];
                    VectorOps.addScaled(entryCosts, t * k, -1, table, codes[s] * k, k);
                    VectorOps.addScaled(entryCosts, t * k, 1, table, code * k, k);
                }
            }
            codes[s] = code;
        }

        private float cost(int[] codes, int aloneAt) {
            float cost = 0;
            for (int t = 0; t < m; t++) {
                cost += alone[aloneAt + t * k + codes[t]];
                for (int s = 0; s < t; s++) {
                    cost += products[s * m + t][codes[s] * k + codes[t]];
                }
            }
            return cost;
        }
    }
}
