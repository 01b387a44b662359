package repscorer.core.store.index;

import java.util.SplittableRandom;
import repscorer.ann.DenseIndex;
import repscorer.ann.Neighbors;
import repscorer.ann.SearchOptions;
import repscorer.ann.exact.ExactIndex;
import repscorer.vector.DenseRows;

/** Measures an index against the full scan: the share of the ten best rows that it finds, over sampled rows as queries. */
public final class RecallGate {

    public static final int K = 10;

    private static final long SEED = 20_260_101;

    /** Two engines may differ by this in the score of one row. */
    private static final double TOLERANCE = 1e-5;

    private RecallGate() {}

    /** O(samples · (count · dimension)) for the scans; 1 for an empty index. The samples are the same on every run. */
    public static double recall(DenseIndex index, DenseRows rows, int samplesMax) {
        int samples = Math.min(samplesMax, rows.count());
        SplittableRandom random = new SplittableRandom(SEED);
        ExactIndex exact = new ExactIndex(rows, index.metric());
        SearchOptions options = SearchOptions.of(K);
        long found = 0;
        long expected = 0;
        for (int i = 0; i < samples; i++) {
            int row = samples == rows.count() ? i : random.nextInt(rows.count());
            float[] query = rows.row(row);
            Neighbors truth = exact.search(query, options);
            found += hits(truth, index.search(query, options));
            expected += truth.size();
        }
        return expected == 0 ? 1 : (double) found / expected;
    }

    /** How many answers score as well as the last of the truth: rows that tie there are as good as each other. */
    private static int hits(Neighbors truth, Neighbors answer) {
        if (truth.size() == 0) {
            return 0;
        }
        float last = truth.scores()[truth.size() - 1];
        double floor = last - TOLERANCE * Math.abs(last);
        int hits = 0;
        for (int i = 0; i < Math.min(answer.size(), truth.size()); i++) {
            hits += answer.scores()[i] >= floor ? 1 : 0;
        }
        return hits;
    }
}
