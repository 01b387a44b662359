package repscorer.ann;

import repscorer.vector.DenseRows;
import repscorer.vector.Metric;
import repscorer.vector.VectorOps;

/**
 * What all dense engines share: the check of a query, and the scan of every accepted row. For the engines of this module;
 * callers of an index never meet it.
 */
public final class DenseScan {

    /** How many rows are scored between two looks at the clock. */
    private static final int SCORED_PER_LOOK = 1024;

    /** How many rows are scored together. */
    private static final int BATCH = 128;

    private DenseScan() {}

    /**
     * Checks a query and answers its Euclidean norm.
     *
     * @throws IllegalArgumentException when the dimension differs, a value is not finite, or the query is zero under
     *     {@link Metric#COSINE}; the message names the rule, the value and its place
     */
    public static float checkQuery(float[] query, Metric metric, int dimension) {
        if (query.length != dimension) {
            throw new IllegalArgumentException(
                    "dimension differs: the index has " + dimension + ", the query has " + query.length);
        }
        float norm = VectorOps.norm(query);
        if (!Float.isFinite(norm)) {
            for (int i = 0; i < query.length; i++) {
                if (!Float.isFinite(query[i])) {
                    throw new IllegalArgumentException(
                            "query values must be finite: " + query[i] + " at place " + i + " of " + dimension);
                }
            }
            if (metric == Metric.COSINE) {
                throw new IllegalArgumentException("query values must be small enough for a finite norm: " + norm);
            }
        }
        if (norm == 0 && metric == Metric.COSINE) {
            throw new IllegalArgumentException(
                    "a query under COSINE must not be zero: all " + dimension + " values are 0");
        }
        return norm;
    }

    /**
     * Scores every accepted row and keeps the best {@code options.k()}. O(count · dimension), room for twice k allocated.
     * Under {@link Metric#COSINE} zero rows never rank; a score that is not a number never ranks.
     *
     * @param query checked before
     * @param queryNorm as {@link #checkQuery} answered it
     * @param plan what to report in the stats
     */
    public static Neighbors search(
            DenseRows rows,
            Metric metric,
            float[] query,
            float queryNorm,
            SearchOptions options,
            SearchStats.Plan plan) {
        TopK best = new TopK(Math.min(options.k(), Math.max(1, rows.count())));
        OrdinalFilter filter = options.filter();
        boolean skipsZero = metric == Metric.COSINE;
        float scoreMin = options.scoreMin();
        long deadline = options.deadlineNanos();
        int[] ordinals = new int[BATCH];
        float[] scores = new float[BATCH];
        int count = rows.count();
        long scored = 0;
        boolean inTime = true;
        int gathered = filter.gather(0, count, ordinals);
        while (gathered > 0 && inTime) {
            int next = ordinals[gathered - 1] + 1;
            int n = skipsZero ? withoutZeros(rows, ordinals, gathered) : gathered;
            rows.scores(metric, query, queryNorm, ordinals, n, scores);
            for (int i = 0; i < n; i++) {
                if (scores[i] >= scoreMin) {
                    best.offer(ordinals[i], scores[i]);
                }
            }
            long before = scored;
            scored += n;
            if (scored / SCORED_PER_LOOK > before / SCORED_PER_LOOK) {
                inTime = !SearchOptions.isOver(deadline);
            }
            gathered = filter.gather(next, count, ordinals);
        }
        SearchStats stats = new SearchStats(plan, scored, 0);
        if (!inTime) {
            stats = stats.ended(SearchStats.End.DEADLINE);
        } else if (!best.isFull() || options.k() > count) {
            stats = stats.ended(SearchStats.End.EXHAUSTED);
        }
        return best.drain(stats);
    }

    private static int withoutZeros(DenseRows rows, int[] ordinals, int gathered) {
        int n = 0;
        for (int i = 0; i < gathered; i++) {
            if (rows.norm(ordinals[i]) != 0) {
                ordinals[n++] = ordinals[i];
            }
        }
        return n;
    }
}
