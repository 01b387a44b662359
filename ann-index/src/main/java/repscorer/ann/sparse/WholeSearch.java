package repscorer.ann.sparse;

import repscorer.ann.Neighbors;
import repscorer.ann.OrdinalFilter;
import repscorer.ann.SearchOptions;
import repscorer.ann.SearchStats;
import repscorer.ann.SearchStats.End;
import repscorer.ann.SearchStats.Plan;
import repscorer.ann.SparseSearchOptions;
import repscorer.ann.SparseSearchOptions.Mode;
import repscorer.ann.TopK;
import repscorer.vector.SparseQuery;
import repscorer.vector.SparseRows;
import repscorer.vector.SparseVector;

/** One search that ranks by whole vectors: everything that was met, or all that there is. */
final class WholeSearch {

    /*
     * Lists are read until the sums of all items in question are whole, or so few items can still be among the best that
     * reading those items' rows costs less than reading on. After some lists an item with the sum P, the sum of squares S and
     * the norm n gets from the others at most
     *
     *     min( Σ s · max(t / norm) · n,  Σ s · max(t),  |s left| · √(S − P² / |s read|²) )
     *
     * where the last is Cauchy's and Schwarz's inequality twice: what the item has in the clusters that were read has squares
     * of P² / |s read|² at least, and the rest of S is all that it can have in the others. Where P and that do not reach what
     * the k-th best is known to score, the item is out.
     *
     * A whole sum is that of the row's entries in another order. A sum of n positive products is off by less than n · 2⁻⁵³ of
     * itself, and a score by little more, so two differ by less than (n + 4) · 2⁻⁵². Where all that is within rounds to one
     * float, which is nearly always, the sum tells the score to the bit; where it does not, the row is read.
     */

    /** Sums taken in two orders differ by far less than this part of them; bounds are raised by it. */
    static final double SLACK = 1 + 1e-9;

    /** Rows are fetched from memory so many at once: one after the other, each would wait for its own. */
    static final int BATCH = 16;

    /** Scoring a row on its whole vector costs about as much as reading so many postings. */
    private static final int POSTINGS_PER_ROW = 60;

    /** A look at all that was met costs about as much as reading so many postings for each. */
    private static final int POSTINGS_PER_LOOK = 4;

    /** Before the clusters left have less than this part of the query's squares, a look tells little. */
    private static final double SQUARES_LEFT_MAX = 1.0 / 16;

    /** The clock is looked at once for so many rows that are scored. */
    private static final int ROWS_PER_LOOK = 1024;

    /** No score is as great as this. */
    private static final float NONE = Float.NaN;

    private final SparseRows rows;
    private final SparseQuery query;
    private final Sums sums;
    private final QueryLists lists;
    private final KnownScores known;
    private final Candidates candidates;
    private final TopK best;

    private final double[] squares;
    private final double[] norms;
    private final double lengthMax;
    private final double sourceNorm;
    /** Scores from sums in two orders differ by less than this part of them. */
    private final double rounding;

    private final int k;
    private final float scoreMin;
    private final OrdinalFilter filter;

    /** Whether all items are in question: then so are those that were not met yet. */
    private final boolean all;

    /** What an item must score. */
    private float threshold;

    /** Items known to score this were scored by the last look. */
    private float seeded = NONE;

    private boolean looked;

    private final long deadline;

    /** Whether the deadline has come: what is scored by then is answered. */
    private boolean late;

    WholeSearch(SparseRows rows, ItemNorms itemNorms, SparseSearchOptions options, Scratch scratch) {
        this.rows = rows;
        query = scratch.query();
        sums = scratch.sums();
        lists = scratch.lists();
        known = scratch.known();
        candidates = scratch.candidates();
        best = scratch.best();
        squares = itemNorms.squares();
        ItemNorms.OfRanking norm = itemNorms.of(Norms.itemNorm(options.ranking()));
        norms = norm.norms();
        lengthMax = norm.lengthMax();
        sourceNorm = Norms.source(options.ranking(), query.squaredNorm());
        rounding = (query.size() + 4) * 0x1p-52;
        k = options.resultsMax();
        scoreMin = options.scoreMin();
        filter = options.filter();
        all = options.mode() == Mode.EXACT;
        threshold = scoreMin;
        deadline = options.deadlineNanos();
    }

    Neighbors search(SparseVector vector, SparseSearchOptions options) {
        int itemNorm = Norms.itemNorm(options.ranking());
        if (all) {
            lists.set(vector, itemNorm);
        } else {
            lists.setAfterFronts(vector, options.clustersScanned(), options.itemsPerCluster(), itemNorm, sums);
        }
        boolean fewLeft = readOn();
        if (late) {
            return drain(sums.size());
        }
        if (!fewLeft && !lists.areCut()) {
            rankSums();
            return drain(sums.size());
        }
        int rank = lists.size();
        if (!fewLeft) {
            look();
            if (mayMiss(rank)) {
                return best.drain(stats(Plan.EXACT, scan()));
            }
            collect(rank);
        }
        int scored = candidates.size();
        rankCandidates();
        return drain(scored);
    }

    private Neighbors drain(int scored) {
        return best.drain(all ? stats(Plan.CLUSTERS_EXACT, scored) : stats(Plan.CLUSTERS_RESCORED, sums.size()));
    }

    private SearchStats stats(Plan plan, long scored) {
        SearchStats stats = new SearchStats(plan, scored, 0);
        return late ? stats.ended(End.DEADLINE) : stats;
    }

    private boolean isLate() {
        late = late || SearchOptions.isOver(deadline);
        return late;
    }

    /** Reads until all is read, or few candidates are left, or it is late; answers whether few are left. */
    private boolean readOn() {
        long since = sums.size();
        best.reset(k);
        for (int rank = 0; rank < lists.size() && !isLate(); rank++) {
            if (since >= sums.size() && pays(rank)) {
                since = 0;
                look();
                if (!mayMiss(rank)) {
                    collect(rank);
                    if ((long) POSTINGS_PER_ROW * candidates.size() <= lists.postingsLeft(rank)) {
                        return true;
                    }
                }
            }
            since += lists.read(rank, all, sums);
        }
        return false;
    }

    /** Whether a look may spare more than it costs. */
    private boolean pays(int rank) {
        long left = lists.postingsLeft(rank);
        if (!all && left > (long) POSTINGS_PER_ROW * sums.size()) {
            return true; // even all rows cost less
        }
        return left > (long) POSTINGS_PER_LOOK * sums.size() + (long) POSTINGS_PER_ROW * k
                && lists.squaresLeft(rank) <= SQUARES_LEFT_MAX * query.squaredNorm()
                && !(looked && mayMiss(rank));
    }

    /** Scores those that look best on their whole vectors; the k-th best of them is what an item must score from here on. */
    private void look() {
        looked = true;
        known.take(sums, norms, sourceNorm, 1);
        best.reset(k);
        seeded = NONE;
        long wanted = k;
        do {
            wanted *= 3; // more rows than k, for the better threshold spares more of them
            float from = wanted < sums.size() ? known.reachedBy((int) wanted) : 0;
            candidates.collect(sums, known, from, seeded);
            candidates.keep(filter);
            rankCandidates();
            seeded = from;
        } while (!best.isFull() && seeded > 0 && !late);
        if (best.isFull()) {
            threshold = Math.max(threshold, best.worst());
        }
    }

    /** Whether an item that was not met may reach the threshold. */
    private boolean mayMiss(int rank) {
        return all && mostAdded(rank) >= leastProduct();
    }

    /** What an item can get from what is not read, over its norm. */
    private double mostAdded(int rank) {
        double left = Math.min(lists.impactsLeft(rank), Math.sqrt(lists.squaresLeft(rank)) * lengthMax);
        return SLACK * (left + lists.impactsDropped());
    }

    /** The threshold as a product over the item's norm; rounding may take a score to the float below. */
    private double leastProduct() {
        return Math.nextDown(threshold) * sourceNorm;
    }

    /** Collects the items met that the last look did not score and that may reach the threshold. */
    private void collect(int rank) {
        double least = Math.nextDown(threshold);
        // What is known was rounded to a float, which is coarse where scores are tiny.
        double from = least - mostAdded(rank) / sourceNorm - 1e-6 * Math.abs(least) - Float.MIN_VALUE;
        candidates.collect(sums, known, Math.nextDown((float) from), seeded);
        keepReaching(rank);
        candidates.keep(filter);
    }

    /** Drops the candidates whose bound does not reach the threshold. */
    private void keepReaching(int rank) {
        double leastProduct = leastProduct();
        double impacts = SLACK * lists.impactsLeft(rank);
        double weights = SLACK * lists.weightsLeft(rank);
        double impactsDropped = SLACK * lists.impactsDropped();
        double weightsDropped = SLACK * lists.weightsDropped();
        double squaresLeft = SLACK * SLACK * lists.squaresLeft(rank);
        // Fronts of what is left may have added to an item's sum unless it counts whole lists alone.
        double squaresRead = query.squaredNorm() - (all ? lists.squaresLeft(rank) : 0);
        double perSquareRead = 1 / (SLACK * squaresRead);
        double[] products = sums.products();
        int[] ordinals = candidates.ordinals();
        int size = candidates.size();
        int kept = 0;
        for (int i = 0; i < size; i++) {
            int ordinal = ordinals[i];
            double product = products[ordinal];
            double norm = norms[ordinal];
            double lacks = leastProduct * norm - SLACK * product - Math.min(impactsDropped * norm, weightsDropped);
            double squares = SLACK * this.squares[ordinal] - product * product * perSquareRead;
            ordinals[kept] = ordinal;
            boolean reaches = lacks <= 0
                    || (lacks <= Math.min(impacts * norm, weights) && lacks * lacks <= squaresLeft * squares);
            kept += reaches ? 1 : 0;
        }
        candidates.keepFirst(kept);
    }

    /** Scores the candidates on their rows. */
    private void rankCandidates() {
        int[] ordinals = candidates.ordinals();
        int size = candidates.size();
        for (int from = 0; from < size; from += BATCH) {
            int to = Math.min(size, from + BATCH);
            candidates.fetch(rows, from, to - from);
            for (int i = from; i < to; i++) {
                offer(ordinals[i], whole(ordinals[i]));
            }
            if (to % ROWS_PER_LOOK == 0 && isLate()) {
                return;
            }
        }
    }

    /** Ranks what was met by its sums, which are whole. */
    private void rankSums() {
        best.reset(k);
        // No score is below what is known of it now, nor above it by more than the next float.
        known.take(sums, norms, sourceNorm, 1 - rounding);
        float least = Math.max(0, scoreMin);
        float to = NONE;
        for (long wanted = k + k / 4L; ; wanted *= 2) { // the filter may refuse some
            float from = wanted < sums.size() ? Math.max(least, known.reachedBy((int) wanted)) : least;
            candidates.collect(sums, known, Math.nextDown(from), to);
            candidates.keep(filter);
            int[] ordinals = candidates.ordinals();
            int size = candidates.size();
            for (int i = 0; i < size; i++) {
                offer(ordinals[i], score(ordinals[i]));
            }
            if (from == least || (best.isFull() && best.worst() >= from)) {
                return;
            }
            to = Math.nextDown(from);
        }
    }

    /** From the item's sum, which is whole. */
    private float score(int ordinal) {
        double score = sums.products()[ordinal] / (sourceNorm * norms[ordinal]);
        float most = (float) (score * (1 + rounding));
        return most == (float) (score * (1 - rounding)) ? most : whole(ordinal);
    }

    private float whole(int ordinal) {
        query.readProducts(rows, ordinal);
        return (float) (query.dot() / (sourceNorm * norms[ordinal]));
    }

    private void offer(int ordinal, float score) {
        if (score >= scoreMin) {
            best.offer(ordinal, score);
        }
    }

    /** Ranks all rows that share a cluster with the query; answers how many were looked at. */
    private long scan() {
        best.reset(k);
        long scored = 0;
        int count = rows.count();
        for (int ordinal = 0; ordinal < count; ordinal++) {
            if (ordinal % ROWS_PER_LOOK == 0 && isLate()) {
                break;
            }
            if (filter.accepts(ordinal)) {
                scored++;
                float score = whole(ordinal);
                if (query.dot() > 0) {
                    offer(ordinal, score);
                }
            }
        }
        return scored;
    }
}
