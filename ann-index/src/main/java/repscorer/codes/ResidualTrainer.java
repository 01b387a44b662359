package repscorer.codes;

import java.util.Arrays;
import java.util.SplittableRandom;
import repscorer.parallel.Workers;

/** Learns the tables whose entries add up to rows. */
final class ResidualTrainer {

    /*
     * Tables begin as means of what those before leave over. Then, in rounds, rows are coded by all tables, and the tables become those
     * that the rows' codes lose least by: a least-squares problem for each dimension, solved table by table, again and again, as each
     * table's best for the others is the mean of what they leave over. Before a round's coding the tables are moved by chance, less each
     * time, which leads out of poor optima as in LSQ++ (see ResidualSearch).
     *
     * Values are parted into groups, each with tables of its own, so that no group has more than 16: the products that a search reads
     * grow with the square of that.
     */

    private static final int UNITS_A_GROUP = 16;
    private static final int BEGINNING = 8;
    private static final int ROUNDS = 12;

    /** The last rounds, in which codes are sought afresh as they will be for good: tables fit what is found, not what might be. */
    private static final int AFRESH = 4;

    /** How wide the noise is at first, in widths of a table's values over the number of tables. */
    private static final double HEAT = 3;

    private static final int SOLVING = 4;
    private static final int CHUNK_ROWS = 256;
    private static final int BLOCK = 16;

    /** What is sought while tables are learnt, and when rows are coded for good. */
    private static final int LEARNING_BEAM = 4;

    private static final int LEARNING_PERTURBED = 4;
    static final int CODING_BEAM = 8;
    static final int CODING_PERTURBED = 32;

    private ResidualTrainer() {}

    /** Which units a group begins at; one more than there are groups. */
    static int[] groups(int m) {
        int groups = Math.ceilDiv(m, UNITS_A_GROUP);
        int[] starts = Arrays.copyOf(Tables.starts(m, groups), groups + 1);
        starts[groups] = m;
        return starts;
    }

    /** @param values n × d less their mean; turned in place */
    static Codebook train(
            float[] values, int n, int d, float[] mean, CodesOptions options, SplittableRandom random, Workers workers)
            throws InterruptedException {
        int m = options.units(d);
        int k = 1 << options.bits();
        int[] groups = groups(m);
        int[] from = new int[m];
        int[] width = new int[m];
        int[] blocks = new int[groups.length - 1];
        for (int g = 0; g < blocks.length; g++) {
            int begin = (int) ((long) d * groups[g] / m);
            int end = (int) ((long) d * groups[g + 1] / m);
            Arrays.fill(from, groups[g], groups[g + 1], begin);
            Arrays.fill(width, groups[g], groups[g + 1], end - begin);
            blocks[g] = end - begin;
            if (blocks[g] < 1) {
                throw new IllegalArgumentException(
                        "m of residual must be at most 16 times the dimension, %s: %s".formatted(d, m));
            }
        }
        float[] rotation = new float[0];
        if (options.rotation() != Rotation.NONE) {
            rotation = options.rotation() == Rotation.RANDOM
                    ? Rotations.random(d, random)
                    : Rotations.balanced(Rotations.products(values, values, n, d, workers), blocks);
            Rotations.turn(values, n, d, rotation, values, workers);
        }
        int size = 0;
        for (int each : width) {
            size = Math.addExact(size, Math.multiplyExact(k, each));
        }
        Tables tables = new Tables(from, width, new float[size], k, false);
        for (int g = 0; g < blocks.length; g++) {
            int units = groups[g + 1] - groups[g];
            float[] block = block(values, n, d, from[groups[g]], blocks[g]);
            float[] learnt = learn(block, n, blocks[g], units, k, random.split(), workers);
            System.arraycopy(learnt, 0, tables.values(), tables.entryAt(groups[g], 0), learnt.length);
        }
        return Codebook.of(CodesMethod.RESIDUAL, d, options.bits(), false, tables, mean, rotation);
    }

    private static float[] block(float[] values, int n, int d, int from, int width) {
        if (width == d) {
            return values;
        }
        float[] block = new float[n * width];
        for (int row = 0; row < n; row++) {
            System.arraycopy(values, row * d + from, block, row * width, width);
        }
        return block;
    }

    private static float[] learn(float[] rows, int n, int w, int m, int k, SplittableRandom random, Workers workers)
            throws InterruptedException {
        float[] tables = new float[m * k * w];
        int[] codes = new int[n * m];
        begin(rows, n, w, m, k, tables, codes, random, workers);
        for (int round = 0; round < ROUNDS; round++) {
            float[] moved = m > 1 && round < ROUNDS - 1 ? moved(tables, m, k, w, round, random) : tables;
            boolean known = round < ROUNDS - AFRESH;
            ResidualSearch search = new ResidualSearch(moved, m, k, w, LEARNING_BEAM, LEARNING_PERTURBED);
            ResidualSearch.Scratch[] scratch = new ResidualSearch.Scratch[workers.count()];
            workers.run(Math.ceilDiv(n, CHUNK_ROWS), (chunk, worker) -> {
                if (scratch[worker] == null) {
                    scratch[worker] = search.new Scratch();
                }
                int from = chunk * CHUNK_ROWS;
                int count = Math.min(CHUNK_ROWS, n - from);
                scratch[worker].find(rows, from * w, w, count, codes, from * m, m, known);
            });
            solve(rows, n, w, m, k, tables, codes, workers);
        }
        return tables;
    }

    private static void begin(
            float[] rows,
            int n,
            int w,
            int m,
            int k,
            float[] tables,
            int[] codes,
            SplittableRandom random,
            Workers workers)
            throws InterruptedException {
        float[] left = rows.clone();
        int[] assigned = new int[n];
        KMeans means = new KMeans(left, n, w, 0, w, workers);
        for (int t = 0; t < m; t++) {
            float[] table = means.seeds(k, random.nextLong());
            means.better(table, k, BEGINNING, assigned);
            means.assign(table, k, assigned);
            System.arraycopy(table, 0, tables, t * k * w, k * w);
            for (int row = 0; row < n; row++) {
                codes[row * m + t] = assigned[row];
                for (int j = 0; j < w; j++) {
                    left[row * w + j] -= table[assigned[row] * w + j];
                }
            }
        }
    }

    /** Tables with noise as wide as their own values, shared out among them, and less each round. */
    private static float[] moved(float[] tables, int m, int k, int w, int round, SplittableRandom random) {
        double heat = HEAT * Math.sqrt(1 - (round + 1.0) / ROUNDS) / m;
        float[] moved = tables.clone();
        for (int t = 0; t < m; t++) {
            for (int j = 0; j < w; j++) {
                double squares = 0;
                for (int c = 0; c < k; c++) {
                    float value = tables[(t * k + c) * w + j];
                    squares += (double) value * value;
                }
                double deviation = heat * Math.sqrt(squares / k);
                for (int c = 0; c < k; c++) {
                    moved[(t * k + c) * w + j] += (float) (deviation * random.nextGaussian());
                }
            }
        }
        return moved;
    }

    /** The tables that codes lose least by: each block of dimensions by one thread, for no dimension knows of another. */
    private static void solve(float[] rows, int n, int w, int m, int k, float[] tables, int[] codes, Workers workers)
            throws InterruptedException {
        int[] sizes = new int[m * k];
        for (int row = 0; row < n; row++) {
            for (int t = 0; t < m; t++) {
                sizes[t * k + codes[row * m + t]]++;
            }
        }
        workers.run(Math.ceilDiv(w, BLOCK), (block, worker) -> {
            int from = block * BLOCK;
            new Solver(rows, n, w, m, k, from, Math.min(BLOCK, w - from)).solve(tables, codes, sizes);
        });
    }

    /** Solves some dimensions, from {@code from} on. */
    private record Solver(float[] rows, int n, int w, int m, int k, int from, int width) {

        void solve(float[] tables, int[] codes, int[] sizes) {
            float[] left = new float[n * width];
            for (int row = 0; row < n; row++) {
                for (int j = 0; j < width; j++) {
                    float sum = 0;
                    for (int t = 0; t < m; t++) {
                        sum += tables[(t * k + codes[row * m + t]) * w + from + j];
                    }
                    left[row * width + j] = rows[row * w + from + j] - sum;
                }
            }
            double[] sums = new double[k * width];
            float[] change = new float[k * width];
            for (int time = 0; time < SOLVING; time++) {
                for (int t = 0; t < m; t++) {
                    table(tables, codes, sizes, t, left, sums, change);
                }
            }
        }

        private void table(
                float[] tables, int[] codes, int[] sizes, int t, float[] left, double[] sums, float[] change) {
            Arrays.fill(sums, 0);
            for (int row = 0; row < n; row++) {
                int at = codes[row * m + t] * width;
                for (int j = 0; j < width; j++) {
                    sums[at + j] += left[row * width + j];
                }
            }
            for (int c = 0; c < k; c++) {
                int size = Math.max(1, sizes[t * k + c]);
                for (int j = 0; j < width; j++) {
                    change[c * width + j] = (float) (sums[c * width + j] / size);
                    tables[(t * k + c) * w + from + j] += change[c * width + j];
                }
            }
            for (int row = 0; row < n; row++) {
                int at = codes[row * m + t] * width;
                for (int j = 0; j < width; j++) {
                    left[row * width + j] -= change[at + j];
                }
            }
        }
    }
}
