package repscorer.core.store.index;

import java.util.Arrays;
import java.util.SplittableRandom;
import repscorer.ann.DenseIndex;
import repscorer.ann.SearchOptions;
import repscorer.vector.DenseRows;
import repscorer.vector.Metric;

/**
 * Measures an index against a full scan in double precision: the share of the ten best rows that it finds, over sampled rows as
 * queries. What an answer says of its own scores counts for nothing, so that neither codes nor float32 hide what they miss.
 */
public final class RecallGate {

    public static final int K = 10;

    private static final long SEED = 20_260_101;

    /** Scores in double precision that are closer, in parts of what was added up, are equal. */
    private static final double ROUNDING = 1e-12;

    private final DenseRows rows;
    private final Metric metric;
    private final float[][] queries;
    private final double[] norms;

    /** By query: the best scores, rising. */
    private final double[][] best;

    /** Rows that can be answered. */
    private int ranked;

    private RecallGate(DenseRows rows, Metric metric, int samplesMax) {
        this.rows = rows;
        this.metric = metric;
        int samples = Math.min(samplesMax, rows.count());
        SplittableRandom random = new SplittableRandom(SEED);
        this.queries = new float[samples][];
        this.norms = new double[samples];
        this.best = new double[samples][K];
        for (int i = 0; i < samples; i++) {
            int row = samples == rows.count() ? i : random.nextInt(rows.count());
            queries[i] = rows.row(row);
            norms[i] = Math.sqrt(rows.squaresInDouble(row));
            Arrays.fill(best[i], Double.NEGATIVE_INFINITY);
        }
    }

    /** O(samples · (count · dimension)) for the scans; 1 for an empty index. The samples are the same on every run. */
    public static double recall(DenseIndex index, DenseRows rows, int samplesMax) {
        RecallGate gate = new RecallGate(rows, index.metric(), samplesMax);
        gate.scan();
        long found = 0;
        for (int i = 0; i < gate.queries.length; i++) {
            found += gate.hits(
                    i, index.search(gate.queries[i], SearchOptions.of(K)).ordinals());
        }
        long expected = (long) gate.queries.length * Math.min(K, gate.ranked);
        return expected == 0 ? 1 : (double) found / expected;
    }

    /** Reads every row once, for all queries. */
    private void scan() {
        for (int row = 0; row < rows.count(); row++) {
            double norm = Math.sqrt(rows.squaresInDouble(row));
            if (metric == Metric.COSINE && norm == 0) {
                continue;
            }
            ranked++;
            for (int i = 0; i < queries.length; i++) {
                keep(best[i], score(i, row, norm));
            }
        }
    }

    private double score(int query, int row, double norm) {
        return switch (metric) {
            case COSINE -> rows.dotInDouble(queries[query], row) / (norms[query] * norm);
            case INNER_PRODUCT -> rows.dotInDouble(queries[query], row);
            case L2 -> -rows.squaredL2InDouble(queries[query], row);
        };
    }

    private static void keep(double[] best, double score) {
        if (!(score > best[0])) {
            return;
        }
        int at = 0;
        for (; at + 1 < K && best[at + 1] < score; at++) {
            best[at] = best[at + 1];
        }
        best[at] = score;
    }

    /** How many answers score as well as the last of the truth: rows that tie there are as good as each other. */
    private int hits(int query, int[] answers) {
        double last = best[query][Math.max(0, K - Math.max(1, ranked))];
        int hits = 0;
        for (int i = 0; i < Math.min(answers.length, Math.min(K, ranked)); i++) {
            double norm = Math.sqrt(rows.squaresInDouble(answers[i]));
            double addedUp = switch (metric) {
                case COSINE -> 1;
                case INNER_PRODUCT -> norms[query] * norm;
                case L2 -> Math.abs(last);
            };
            hits += score(query, answers[i], norm) >= last - ROUNDING * addedUp ? 1 : 0;
        }
        return hits;
    }
}
