package repscorer.ann.sparse;

import repscorer.ann.Neighbors;
import repscorer.ann.OrdinalFilter;
import repscorer.ann.SearchStats;
import repscorer.ann.SearchStats.Plan;
import repscorer.ann.SparseSearchOptions;
import repscorer.vector.SparseQuery;
import repscorer.vector.SparseRows;
import repscorer.vector.SparseVector;

/** One search that ranks by whole vectors: of everything that was met, or of all that there is. */
final class WholeSearch {

    /*
     * Lists are read until the sums of all items in question are whole, or so few items can still be among the best that
     * reading those items' rows costs less than reading on. After some lists an item with the sum P, the sum of squares S and
     * the norm n gets from the others at most
     *
     *     min( Σ s · max(t / norm) · n,  Σ s · max(t),  |s left| · √(S − P² / |s read|²) )
     *
     * where the last is Cauchy's and Schwarz's inequality twice: what the item has in the clusters read has a square of P² /
     * |s read|² at least, the rest of S is all that the others can have. Where P and that do not reach what the k-th best is
     * known to score, the item is out.
     *
     * A whole sum is that of the row's entries in another order, and differs from it by a few times 1e-16 of itself. It
     * therefore tells the score to the bit wherever all that is within 1e-13 rounds to one float, which is nearly always;
     * else the row is read.
     */

    /** Sums taken in two orders differ by far less than this part of them; bounds are raised by it. */
    static final double SLACK = 1 + 1e-9;

    /** Sums of all entries differ by less than this part of them, whatever their order, and so do scores. */
    private static final double ROUNDING = 1e-13;

    /** Scoring a row on its whole vector costs about as much as reading so many postings. */
    private static final int POSTINGS_PER_ROW = 60;

    /** Looking at all items met costs about as much as reading so many postings for each. */
    private static final int POSTINGS_PER_LOOK = 4;

    /** Rows are fetched from memory so many at once: one after the other, each would wait for its own. */
    static final int BATCH = 16;

    /** No score is as great as this. */
    private static final float NONE = Float.NaN;

    private final SparseRows rows;
    private final SparseSearchOptions options;
    private final OrdinalFilter filter;
    private final SparseQuery query;
    private final Sums sums;
    private final QueryLists lists;
    private final BestKeys best;
    private final Scratch scratch;
    private final double[] squares;
    private final double[] norms;
    private final double lengthMax;
    private final double sourceNorm;

    /** Whether items count that no front had: then all lists must be read or excluded for them. */
    private final boolean all;

    private final KnownScores known;

    /** What an item must score. */
    private float threshold;

    /** Items known to score this were scored at the last look. */
    private float seeded = NONE;

    WholeSearch(SparseRows rows, ItemNorms itemNorms, SparseSearchOptions options, Scratch scratch) {
        this.rows = rows;
        this.options = options;
        this.scratch = scratch;
        filter = options.filter();
        query = scratch.query();
        sums = scratch.sums();
        lists = scratch.lists();
        known = scratch.known();
        best = scratch.best();
        squares = itemNorms.squares();
        ItemNorms.OfRanking norm = itemNorms.of(Norms.itemNorm(options.ranking()));
        norms = norm.norms();
        lengthMax = norm.lengthMax();
        sourceNorm = Norms.source(options.ranking(), query.squaredNorm());
        all = options.mode() == SparseSearchOptions.Mode.EXACT;
        threshold = options.scoreMin();
    }

    Neighbors search(SparseVector vector) {
        int itemNorm = Norms.itemNorm(options.ranking());
        if (all) {
            lists.set(vector, itemNorm);
        } else {
            lists.setAfterFronts(vector, options.clustersScanned(), options.itemsPerCluster(), itemNorm, sums);
        }
        Plan plan = all ? Plan.CLUSTERS_EXACT : Plan.CLUSTERS_RESCORED;
        int candidates = readOn();
        if (candidates < 0 && !lists.areCut()) {
            rankSums();
            return best.drain(new SearchStats(plan, sums.size(), 0));
        }
        if (candidates < 0) {
            look();
            if (mayMiss(lists.size())) {
                return best.drain(new SearchStats(Plan.EXACT, scan(), 0));
            }
            candidates = candidates(lists.size());
        }
        rankRows(candidates);
        return best.drain(new SearchStats(plan, all ? candidates : sums.size(), 0));
    }

    /** Reads until few candidates are left, and answers how many; -1 where all is read. */
    private int readOn() {
        long since = sums.size();
        for (int rank = 0; rank < lists.size(); rank++) {
            if (pays(rank, since)) {
                since = 0;
                look();
                if (!mayMiss(rank)) {
                    int candidates = candidates(rank);
                    if ((long) POSTINGS_PER_ROW * candidates <= lists.postingsLeft(rank)) {
                        return candidates;
                    }
                }
            }
            since += lists.read(rank, all, sums);
        }
        return -1;
    }

    /** Whether there is enough to be spared for a look at what was met, and it is not too soon after the last. */
    private boolean pays(int rank, long since) {
        return lists.postingsLeft(rank)
                        > (long) POSTINGS_PER_LOOK * sums.size() + (long) POSTINGS_PER_ROW * options.resultsMax()
                && since >= sums.size()
                && sums.size() > 0
                && (!all || 2 * lists.squaresLeft(rank) <= query.squaredNorm())
                && (threshold == options.scoreMin() || !mayMiss(rank));
    }

    /** Scores those that look best on their whole vectors; the k-th best of them is what an item must score from here on. */
    private void look() {
        known.take(sums, norms, sourceNorm, 1);
        best.reset(options.resultsMax());
        seeded = NONE;
        long wanted = options.resultsMax();
        do {
            wanted += wanted / 2 + 1;
            float from = wanted < sums.size() ? known.reachedBy((int) wanted) : 0;
            rankRows(accepted(collect(from)));
            seeded = from;
            best.settle();
        } while (best.size() < options.resultsMax() && seeded > 0);
        if (best.size() == options.resultsMax()) {
            threshold = Math.max(threshold, best.floor());
        }
    }

    /** Collects the items met that are known to score {@code from} and were not yet scored; answers how many. */
    private int collect(float from) {
        float to = seeded;
        float[] scores = known.scores();
        int[] met = sums.met();
        int size = sums.size();
        int[] candidates = scratch.candidates(size);
        int found = 0;
        for (int place = 0; place < size; place++) {
            float score = scores[place];
            candidates[found] = met[place];
            found += score >= from && !(score >= to) ? 1 : 0;
        }
        return found;
    }

    /** Keeps the candidates that the filter accepts. */
    private int accepted(int count) {
        int[] candidates = scratch.candidates(count);
        int accepted = 0;
        for (int i = 0; i < count; i++) {
            int ordinal = candidates[i];
            if (filter.accepts(ordinal)) {
                candidates[accepted++] = ordinal;
            }
        }
        return accepted;
    }

    /** Collects the items met that were not scored at the last look and may reach the threshold; answers how many. */
    private int candidates(int rank) {
        double least = Math.nextDown(threshold);
        double most = Math.min(lists.impactsLeft(rank), Math.sqrt(lists.squaresLeft(rank)) * lengthMax);
        double mostAdded = SLACK * (most + lists.impactsDropped()) / sourceNorm;
        // What is known was rounded to a float, which is coarse where scores are tiny.
        double from = least - mostAdded - 1e-6 * Math.abs(least) - Float.MIN_VALUE;
        return accepted(reaching(collect(Math.nextDown((float) from)), rank));
    }

    /** Keeps the candidates whose bound reaches the threshold. */
    private int reaching(int count, int rank) {
        double leastProduct = leastProduct();
        double impacts = SLACK * lists.impactsLeft(rank);
        double weights = SLACK * lists.weightsLeft(rank);
        double impactsDropped = SLACK * lists.impactsDropped();
        double weightsDropped = SLACK * lists.weightsDropped();
        double squaresLeft = SLACK * SLACK * lists.squaresLeft(rank);
        double squaresRead = query.squaredNorm() - (all ? lists.squaresLeft(rank) : 0);
        double perSquareRead = 1 / (SLACK * squaresRead);
        double[] products = sums.products();
        int[] candidates = scratch.candidates(count);
        int reaching = 0;
        for (int i = 0; i < count; i++) {
            int ordinal = candidates[i];
            double product = products[ordinal];
            double norm = norms[ordinal];
            double lacks = leastProduct * norm - SLACK * product - Math.min(impactsDropped * norm, weightsDropped);
            double squares = SLACK * this.squares[ordinal] - product * product * perSquareRead;
            candidates[reaching] = ordinal;
            boolean reaches = lacks <= 0
                    || (lacks <= Math.min(impacts * norm, weights) && lacks * lacks <= squaresLeft * squares);
            reaching += reaches ? 1 : 0;
        }
        return reaching;
    }

    /** Scores the first candidates on their rows. */
    private void rankRows(int count) {
        int[] candidates = scratch.candidates(count);
        int[] batch = scratch.batch();
        for (int from = 0; from < count; from += BATCH) {
            int n = Math.min(BATCH, count - from);
            System.arraycopy(candidates, from, batch, 0, n);
            rows.fetch(batch, n);
            for (int i = 0; i < n; i++) {
                offer(batch[i], whole(batch[i]));
            }
        }
    }

    /** Ranks what was met by its sums, which are whole. */
    private void rankSums() {
        int k = options.resultsMax();
        best.reset(k);
        known.take(sums, norms, sourceNorm, 1 + ROUNDING);
        seeded = NONE;
        float least = Math.max(0, options.scoreMin());
        for (long wanted = k + k / 4L; ; wanted *= 2) { // the filter may refuse some
            float from = wanted < sums.size() ? Math.max(least, known.reachedBy((int) wanted)) : least;
            int count = accepted(collect(from));
            int[] candidates = scratch.candidates(count);
            for (int i = 0; i < count; i++) {
                offer(candidates[i], score(candidates[i]));
            }
            seeded = from;
            if (best.size() >= k || from <= least) {
                return;
            }
        }
    }

    /** From the item's sum, which is whole. */
    private float score(int ordinal) {
        double score = sums.products()[ordinal] / (sourceNorm * norms[ordinal]);
        float most = (float) (score * (1 + ROUNDING));
        return most == (float) (score * (1 - ROUNDING)) ? most : whole(ordinal);
    }

    /** Whether an item that was not met may reach the threshold. */
    private boolean mayMiss(int rank) {
        if (!all) {
            return false;
        }
        double left = Math.min(lists.impactsLeft(rank), Math.sqrt(lists.squaresLeft(rank)) * lengthMax);
        return SLACK * (left + lists.impactsDropped()) >= leastProduct();
    }

    /** A score below the threshold as a product over the item's norm; rounding may take it to the float below. */
    private double leastProduct() {
        return Math.nextDown(threshold) * sourceNorm;
    }

    private void offer(int ordinal, float score) {
        if (score >= options.scoreMin()) {
            best.offer(ordinal, score);
        }
    }

    /** Ranks all rows that share a cluster with the query; answers how many were looked at. */
    private long scan() {
        best.reset(options.resultsMax());
        long scored = 0;
        int count = rows.count();
        for (int ordinal = 0; ordinal < count; ordinal++) {
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

    private float whole(int ordinal) {
        query.readProducts(rows, ordinal);
        return (float) (query.dot() / (sourceNorm * norms[ordinal]));
    }
}
