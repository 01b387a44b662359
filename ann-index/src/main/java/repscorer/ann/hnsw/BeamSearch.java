package repscorer.ann.hnsw;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import repscorer.ann.OrdinalFilter;
import repscorer.ann.SearchOptions;
import repscorer.os.Prefetch;

/** The searches of HNSW [1 of {@link HnswIndex}]: down to a level by greedy steps, and over a level with a candidate list. */
final class BeamSearch {

    /*
     * A step gathers the neighbours not met yet, prefetches them, and scores them together: the processor then waits for all
     * of them at once and not for one after the other. On the way over a level the next row's neighbours are gathered and
     * prefetched before those at hand are scored, so that the waiting and the work overlap; what the ones at hand bring is
     * known a step later, which costs a few rows more.
     */

    /** How many rows are followed between two looks at the clock. */
    private static final int FOLLOWED_PER_LOOK = 16;

    /** How many rows can be looked at in lists while one is compared. */
    static final int LOOKED_AT_PER_COMPARED = 6;

    private BeamSearch() {}

    /** When a search over a level ends, besides when the best {@code ef} rows met were all followed. Kept and set anew for each. */
    static final class StoppingRule {

        static final StoppingRule WHEN_FOLLOWED = new StoppingRule();

        private int k = 1;
        private float slack = Float.POSITIVE_INFINITY;
        private float least;
        private long deadline = SearchOptions.NO_DEADLINE;

        /**
         * @param k how many of the best rows are wanted
         * @param slack the search ends when the next row to follow is further from the query than so many times the k-th best,
         *     both squared; infinity for never
         * @param least taken for the k-th best's distance where that is less, as codes tell no smaller ones apart
         * @param deadline in terms of {@link System#nanoTime}; {@link SearchOptions#NO_DEADLINE} for none
         */
        StoppingRule set(int k, float slack, float least, long deadline) {
            this.k = k;
            this.slack = slack;
            this.least = least;
            this.deadline = deadline;
            return this;
        }

        int k() {
            return k;
        }

        float slack() {
            return slack;
        }

        float least() {
            return least;
        }

        boolean isDue(long followed) {
            return deadline != SearchOptions.NO_DEADLINE
                    && followed % FOLLOWED_PER_LOOK == 0
                    && System.nanoTime() - deadline >= 0;
        }
    }

    /** The row on {@code levelTo} + 1 that single steps from the entry lead to; the entry itself if that is below. */
    static int descend(Graph graph, RowScorer scorer, SearchScratch scratch, int levelTo) {
        long start = graph.start();
        int at = Graph.entry(start);
        if (Graph.top(start) <= levelTo) {
            return at;
        }
        scratch.clearVisited(); // once: a row met on any level above is no better than the best so far
        scratch.ids[0] = at;
        scorer.score(scratch.query, scratch.ids, 1, scratch.scores);
        long best = CandidateList.key(at, scratch.scores[0]);
        for (int level = Graph.top(start); level > levelTo; level--) {
            long before;
            do {
                before = best;
                int row = CandidateList.ordinal(best);
                prefetch(
                        graph.lists(level - 1),
                        graph.from(level - 1, row),
                        graph.places(level - 1)); // for the way down
                best = step(graph, scorer, scratch, level, best);
            } while (best != before);
        }
        return CandidateList.ordinal(best);
    }

    private static long step(Graph graph, RowScorer scorer, SearchScratch scratch, int level, long best) {
        int n = scratch.gather(
                graph.lists(level), graph.from(level, CandidateList.ordinal(best)), graph.places(level), scratch.ids);
        scorer.prefetch(scratch.ids, n);
        Prefetch.rows(graph.upperAt, Integer.BYTES, scratch.ids, n);
        scorer.score(scratch.query, scratch.ids, n, scratch.scores);
        scratch.compared += n;
        long better = best;
        for (int i = 0; i < n; i++) {
            better = Math.max(better, CandidateList.key(scratch.ids[i], scratch.scores[i]));
        }
        return better;
    }

    /** Leaves the best {@code ef} rows that lie on the way from {@code start} in the scratch's candidates. */
    static void search(Graph graph, RowScorer scorer, SearchScratch scratch, int level, int start, int ef) {
        search(graph, scorer, scratch, level, start, ef, StoppingRule.WHEN_FOLLOWED);
    }

    /** The same under another rule; answers whether it ended in time. */
    static boolean search(
            Graph graph, RowScorer scorer, SearchScratch scratch, int level, int start, int ef, StoppingRule rule) {
        return search(graph, scorer, scratch, level, start, ef, rule, null);
    }

    /**
     * The same for an answer.
     *
     * @param reranker what the best are to be scored by, if not by the scorer: rows likely to be among them are prefetched
     */
    static boolean search(
            Graph graph,
            RowScorer scorer,
            SearchScratch scratch,
            int level,
            int start,
            int ef,
            StoppingRule rule,
            @Nullable Reranker reranker) {
        MemorySegment lists = graph.lists(level);
        int places = graph.places(level);
        int[] ids = scratch.ids;
        int[] ahead = scratch.ahead;
        float[] scores = scratch.scores;
        PreparedQuery query = scratch.query;
        CandidateList candidates = scratch.candidates;
        boolean narrows = rule.slack() < Float.POSITIVE_INFINITY && scorer.measuresDistance();
        float zero = scorer.zero();
        candidates.reset(ef);
        scratch.clearVisited();
        scratch.visit(start);
        ids[0] = start;
        int n = 1;
        long compared = 0;
        long followed = 0;
        boolean inTime = true;
        while (true) {
            int row = candidates.follow(); // not knowing yet what the rows at hand bring
            if (row < 0 && n == 0) {
                break;
            }
            int nAhead = 0;
            if (row >= 0) {
                followed++;
                nAhead = scratch.gather(lists, graph.from(level, row), places, ahead);
                scorer.prefetch(ahead, nAhead);
            }
            scorer.score(query, ids, n, scores);
            compared += n;
            if (reranker != null && row >= 0 && candidates.followedPlace() < rule.k()) {
                reranker.prefetch(row); // behind what the search itself waits for
            }
            keep(graph, level, candidates, ids, scores, n);
            if (narrows) {
                candidates.narrow(rule.k(), rule.slack(), zero, rule.least());
            }
            int[] scored = ids;
            ids = ahead;
            ahead = scored;
            n = nAhead;
            if (rule.isDue(followed)) {
                inTime = false;
                break;
            }
        }
        scratch.compared += compared;
        scratch.followed += followed;
        return inTime;
    }

    /**
     * Searches the lowest level with a list as long as the rows of {@code into} and writes down, before each row is followed, the
     * greatest distance so far of a row to be followed in proportion to that of the k-th best, both squared: a row of
     * {@code into} for each of {@code ks}. Answers how many rows were followed.
     */
    static int slackCurves(
            Graph graph, RowScorer scorer, SearchScratch scratch, int start, int[] ks, float least, float[][] into) {
        CandidateList candidates = scratch.candidates;
        int followedMax = into[0].length;
        candidates.reset(followedMax);
        scratch.clearVisited();
        scratch.visit(start);
        scratch.ids[0] = start;
        scorer.score(scratch.query, scratch.ids, 1, scratch.scores);
        candidates.offer(start, scratch.scores[0]);
        float zero = scorer.zero();
        int followed = 0;
        for (int row = candidates.follow(); row >= 0 && followed < followedMax; row = candidates.follow()) {
            for (int i = 0; i < ks.length; i++) {
                float before = followed == 0 ? 0 : into[i][followed - 1];
                into[i][followed] = Math.max(before, slack(candidates, ks[i], zero, least));
            }
            followed++;
            int n = scratch.gather(graph.links, graph.from(0, row), graph.places(0), scratch.ids);
            scorer.prefetch(scratch.ids, n);
            scorer.score(scratch.query, scratch.ids, n, scratch.scores);
            keep(graph, 0, candidates, scratch.ids, scratch.scores, n);
        }
        return followed;
    }

    private static float slack(CandidateList candidates, int k, float zero, float least) {
        if (candidates.size() < k) {
            return 0;
        }
        float kth = Math.max(zero - candidates.score(k - 1), Math.max(least, Float.MIN_NORMAL));
        return (zero - candidates.score(candidates.followedPlace())) / kth;
    }

    /**
     * Leaves the best {@code ef} accepted rows of the lowest level that lie on the way from the first {@code starts} of the
     * scratch's in its candidates. A refused row is not kept; its links are looked at in its place, so that the accepted rows
     * two steps away are met (after ACORN-1: Patel et al., SIGMOD 2024, arXiv 2403.04871). Answers whether it ended before the deadline
     * and before {@code lookedAtMax} rows were looked at; one compared counts as {@link #LOOKED_AT_PER_COMPARED}.
     */
    static boolean searchAccepted(
            Graph graph,
            RowScorer scorer,
            SearchScratch scratch,
            int starts,
            int ef,
            OrdinalFilter filter,
            long lookedAtMax,
            StoppingRule rule) {
        MemorySegment lists = graph.lists(0);
        int places = graph.places(0);
        int gathered = 2 * places;
        scratch.reserve(gathered + places);
        int[] refused = scratch.refused(places);
        int[] ids = scratch.ids;
        float[] scores = scratch.scores;
        CandidateList candidates = scratch.candidates;
        boolean narrows = rule.slack() < Float.POSITIVE_INFINITY && scorer.measuresDistance();
        float zero = scorer.zero();
        candidates.reset(ef);
        scratch.clearVisited();
        int n = 0;
        for (int i = 0; i < starts; i++) {
            int start = scratch.starts[i];
            if (n < gathered && scratch.visit(start) && filter.accepts(start)) {
                ids[n++] = start;
            }
        }
        long lookedAt = 0;
        for (int row = scratch.starts[0]; row >= 0; row = candidates.follow()) {
            scratch.followed++;
            if (rule.isDue(scratch.followed) || lookedAt > lookedAtMax) {
                return false;
            }
            int degree = graph.copyList(0, row, refused);
            int refusals = 0;
            for (int i = 0; i < degree; i++) {
                int near = refused[i];
                if (scratch.visit(near)) {
                    if (filter.accepts(near)) {
                        ids[n++] = near;
                    } else {
                        prefetch(lists, graph.from(0, near), places);
                        refused[refusals++] = near;
                    }
                }
            }
            lookedAt += degree;
            for (int i = 0; i < refusals && n < gathered; i++) {
                long list = graph.from(0, refused[i]);
                for (int place = 0; place < places; place++) {
                    int beyond = lists.get(Graph.INT, list + 4L * place);
                    if (beyond < 0) {
                        break;
                    }
                    lookedAt++;
                    if (filter.accepts(beyond) && scratch.visit(beyond)) {
                        ids[n++] = beyond;
                    }
                }
            }
            scorer.prefetch(ids, n);
            scorer.score(scratch.query, ids, n, scores);
            scratch.compared += n;
            lookedAt += (long) n * LOOKED_AT_PER_COMPARED;
            keep(graph, 0, candidates, ids, scores, n);
            n = 0;
            if (narrows) {
                candidates.narrow(rule.k(), rule.slack(), zero, rule.least());
            }
        }
        return true;
    }

    /** Keeps those of the first {@code n} rows that are good enough, and prefetches their links, for some are followed soon. */
    private static void keep(Graph graph, int level, CandidateList candidates, int[] ids, float[] scores, int n) {
        MemorySegment lists = graph.lists(level);
        int places = graph.places(level);
        for (int from = 0; from < n; from += CandidateList.CHUNK) {
            for (long good = candidates.good(scores, from, n); good != 0; good &= good - 1) {
                int i = from + Long.numberOfTrailingZeros(good);
                prefetch(lists, graph.from(level, ids[i]), places);
                candidates.insert(ids[i], scores[i]);
            }
        }
    }

    private static void prefetch(MemorySegment lists, long from, int places) {
        Prefetch.range(lists, from, 4L * places);
    }
}
