package repscorer.ann.hnsw;

import org.jspecify.annotations.Nullable;
import repscorer.ann.Neighbors;
import repscorer.ann.OrdinalFilter;
import repscorer.ann.SearchOptions;
import repscorer.ann.SearchPlan;
import repscorer.ann.SearchStats;
import repscorer.ann.SearchStats.End;
import repscorer.ann.SearchStats.Plan;
import repscorer.ann.TopK;
import repscorer.vector.DenseRows;
import repscorer.vector.Metric;

/** Runs planned searches of one graph: beam search, then the best are reranked. Safe for concurrent use. */
final class GraphSearch {

    /** How many scanned rows one row met on a search costs, of which ef · M are met. */
    private static final int MET_ROW_COST = 2;

    /** From how many accepted rows, spread over all, a filtered search starts besides the one nearest by the upper levels. */
    private static final int STARTS = 16;

    /** A filtered search gives up for a scan when it has cost this share of one. */
    private static final double SCAN_SHARE_MAX = 0.4;

    /** A search over all rows is not trusted when less than this part of the accepted rows that were to be expected was met. */
    private static final double NEARBY_SHARE_MIN = 0.5;

    /** Reranked beyond those within the codes' error, so that rounding loses none. */
    private static final int RERANKED_MORE = 2;

    private final DenseRows rows;
    private final Graph graph;
    private final Copies copies;
    private final RowScorer scorer;
    private final @Nullable Reranker reranker;

    /** Rows that no search leads to, scored beside each. */
    private volatile int[] outside;

    private final Calibration calibration;
    private final Metric metric;
    private final SearchScratch.Pool scratches;

    /**
     * @param reranker what answers are scored by; null for the scorer alone
     */
    GraphSearch(
            DenseRows rows,
            Graph graph,
            Copies copies,
            RowScorer scorer,
            @Nullable Reranker reranker,
            int[] outside,
            Calibration calibration) {
        this.reranker = reranker;
        this.rows = rows;
        this.graph = graph;
        this.copies = copies;
        this.scorer = scorer;
        this.outside = outside;
        this.calibration = calibration;
        this.metric = scorer.metric;
        this.scratches = new SearchScratch.Pool(graph.capacity, rows.dimension(), graph.m);
    }

    int[] outside() {
        return outside;
    }

    void outside(int[] rows) {
        outside = rows;
    }

    /** How many scanned rows one place in the candidate list costs. */
    static long searchCost(int m) {
        return (long) m * MET_ROW_COST;
    }

    /**
     * @param accepted how many rows the options' filter accepts
     * @param population of how many rows
     * @param live rows beside the filter's that may be answered
     * @return with the end {@link End#EXHAUSTED} where the search brought fewer than k though there may be more
     */
    Neighbors run(
            float[] query,
            float queryNorm,
            SearchOptions options,
            SearchPlan plan,
            int accepted,
            int population,
            OrdinalFilter live) {
        SearchScratch scratch = scratches.borrow();
        scorer.prepare(scratch.query, query, queryNorm);
        scratch.compared = 0;
        scratch.followed = 0;
        int ef = plan.fetch();
        boolean all = options.filter().equals(OrdinalFilter.ALL);
        Plan ran = plan.acceptedOnly() ? Plan.GRAPH_FILTERED : all ? Plan.GRAPH : Plan.GRAPH_OVER_FETCH;
        boolean inTime = plan.acceptedOnly()
                ? searchAccepted(scratch, options, ef, accepted, population)
                : searchAll(scratch, options, ef, accepted, population);
        int met = rerank(scratch, query, queryNorm, options, live);
        if (ran == Plan.GRAPH_OVER_FETCH && inTime && refusesNearby(scratch, met, options.k(), accepted, population)) {
            ran = Plan.GRAPH_FILTERED;
            ef = Math.max(options.k(), (int) ((long) ef * accepted / population));
            inTime = searchAccepted(scratch, options, ef, accepted, population);
            met = rerank(scratch, query, queryNorm, options, live);
        }
        TopK best = scratch.best;
        End end = end(best, met, options.k());
        if (!inTime) {
            boolean late = SearchOptions.isOver(options.deadlineNanos());
            if (!late) {
                best.reset(1); // given up for a scan
            }
            end = late ? End.DEADLINE : End.EXHAUSTED;
        }
        Neighbors found = best.drain(new SearchStats(ran, scratch.compared + met, ef, scratch.followed, end));
        scratches.giveBack(scratch); // not after an exception: what it holds then is anybody's guess
        return found;
    }

    private End end(TopK best, int met, int k) {
        if (best.isFull()) {
            return k > rows.count() ? End.EXHAUSTED : End.DONE;
        }
        return met >= Math.min(k, rows.count()) ? End.SCORE_MIN : End.EXHAUSTED;
    }

    /** Searches accepted and refused rows alike, as far as a longer answer takes, of which the filter takes some away. */
    private boolean searchAll(SearchScratch scratch, SearchOptions options, int fetch, int accepted, int population) {
        int k = (int) Math.min(fetch, Math.ceilDiv((long) options.k() * population, accepted));
        BeamSearch.StoppingRule rule =
                calibration.stoppingRule(scratch.stoppingRule, k, fetch, options.deadlineNanos());
        int start = BeamSearch.descend(graph, scorer, scratch, 0);
        return BeamSearch.search(
                graph, scorer, scratch, 0, start, calibration.capacity(rule, fetch, graph.capacity), rule, reranker);
    }

    /** Whether the filter took more of the best rows away than its share of all promised, so that the search was too short. */
    private static boolean refusesNearby(SearchScratch scratch, int met, int k, int accepted, int population) {
        double promised = (double) accepted / population;
        return met < Math.min(k, accepted) || met + RERANKED_MORE < NEARBY_SHARE_MIN * promised * scratch.places;
    }

    private boolean searchAccepted(SearchScratch scratch, SearchOptions options, int ef, int accepted, int population) {
        OrdinalFilter filter = options.filter();
        int count = rows.count();
        int[] starts = scratch.starts;
        int n = 0;
        starts[n++] = BeamSearch.descend(graph, scorer, scratch, 0);
        for (int i = 0; i < STARTS; i++) {
            int row = filter.next((int) ((long) i * count / STARTS), count);
            int node = row < count ? copies.node(row) : row;
            if (node < count && graph.holds(node)) {
                starts[n++] = node;
            }
        }
        BeamSearch.StoppingRule rule =
                calibration.stoppingRule(scratch.stoppingRule, options.k(), ef, options.deadlineNanos());
        long lookedAtMax =
                (long) (SCAN_SHARE_MAX * BeamSearch.LOOKED_AT_PER_COMPARED * SearchPlan.scanCost(accepted, population));
        return BeamSearch.searchAccepted(
                graph,
                scorer,
                scratch,
                n,
                calibration.capacity(rule, ef, graph.capacity),
                copies.nodes(filter),
                lookedAtMax,
                rule);
    }

    /** Scores the best accepted candidates, and all rows outside the graph, for the answer; tells how many. */
    private int rerank(
            SearchScratch scratch, float[] query, float queryNorm, SearchOptions options, OrdinalFilter live) {
        OrdinalFilter filter = options.filter();
        CandidateList candidates = scratch.candidates;
        int k = options.k();
        scratch.best.reset(Math.min(k, rows.count()));
        int max = Math.min(candidates.size(), calibration.loss().rerankedMax(k));
        scratch.reserve(max);
        float within = reranker != null ? calibration.loss().errorP99() : 0;
        float least = Float.NEGATIVE_INFINITY;
        boolean alone = copies.isEmpty();
        int nodes = 0;
        int met = 0;
        int place = 0;
        for (; place < candidates.size() && nodes < max; place++) {
            float score = candidates.score(place);
            if (score < least && met >= k + RERANKED_MORE) {
                break;
            }
            int ordinal = candidates.ordinal(place);
            int accepted = alone
                    ? filter.accepts(ordinal) && live.accepts(ordinal) ? 1 : 0
                    : accepted(ordinal, k, filter, live);
            if (accepted > 0) {
                scratch.ids[nodes] = ordinal;
                scratch.scores[nodes++] = score;
                boolean full = met < k && met + accepted >= k;
                met += accepted;
                least = full && calibration.loss().queries() > 0 ? score - within : least;
            }
        }
        scratch.places = place;
        if (reranker != null) {
            reranker.prefetch(scratch.ids, nodes);
        }
        for (int i = 0; i < nodes; i++) {
            int ordinal = scratch.ids[i];
            float score =
                    reranker != null ? reranker.score(query, queryNorm, ordinal) : scorer.asMetric(scratch.scores[i]);
            if (alone) {
                offer(scratch, ordinal, score, options.scoreMin());
            } else {
                offerAll(scratch, ordinal, score, options, live);
            }
        }
        for (int ordinal : outside) {
            int accepted = accepted(ordinal, k, filter, live);
            if (accepted > 0) {
                offerAll(scratch, ordinal, rows.score(metric, query, queryNorm, ordinal), options, live);
                met += accepted;
            }
        }
        return met;
    }

    /** How many of a node and its copies may be answered, of the first {@code k} that may. */
    private int accepted(int node, int k, OrdinalFilter filter, OrdinalFilter live) {
        int accepted = 0;
        for (int row = node; row >= 0 && accepted < k; row = copies.next(row)) {
            accepted += filter.accepts(row) && live.accepts(row) ? 1 : 0;
        }
        return accepted;
    }

    /** Offers a node and its copies: later ones stand behind k of the same score. */
    private void offerAll(SearchScratch scratch, int node, float score, SearchOptions options, OrdinalFilter live) {
        int offered = 0;
        for (int row = node; row >= 0 && offered < options.k(); row = copies.next(row)) {
            if (options.filter().accepts(row) && live.accepts(row)) {
                offer(scratch, row, score, options.scoreMin());
                offered++;
            }
        }
    }

    private static void offer(SearchScratch scratch, int ordinal, float score, float scoreMin) {
        if (score >= scoreMin) {
            scratch.best.offer(ordinal, score);
        }
    }
}
