package repscorer.ann.hnsw;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import repscorer.ann.OrdinalFilter;
import repscorer.ann.SearchOptions;
import repscorer.os.Prefetch;

/** The walks of HNSW: down to a level by single steps, and over a level with a list of candidates. */
final class Walk {

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

    private Walk() {}

    /** When a walk over a level ends, besides when the best {@code ef} rows met were all followed. Kept and set anew for each. */
    static final class End {

        static final End WHEN_FOLLOWED = new End();

        private int k = 1;
        private float slack = Float.POSITIVE_INFINITY;
        private float least;
        private long deadline = SearchOptions.NO_DEADLINE;

        /**
         * @param k how many of the best rows are wanted
         * @param slack the walk ends when the next row to follow is further from the query than so many times the k-th best,
         *     both squared; infinity for never
         * @param least taken for the k-th best's distance where that is less, as codes tell no smaller ones apart
         * @param deadline in terms of {@link System#nanoTime}; {@link SearchOptions#NO_DEADLINE} for none
         */
        End set(int k, float slack, float least, long deadline) {
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
    static int descend(Graph graph, Points points, Scratch scratch, int levelTo) {
        long start = graph.start();
        int at = Graph.entry(start);
        if (Graph.top(start) <= levelTo) {
            return at;
        }
        scratch.forgetMet(); // once: a row met on any level above is no better than the best so far
        scratch.ids[0] = at;
        points.score(scratch.query, scratch.ids, 1, scratch.scores);
        long best = Pool.key(at, scratch.scores[0]);
        for (int level = Graph.top(start); level > levelTo; level--) {
            long before;
            do {
                before = best;
                int row = Pool.ordinal(best);
                prefetch(
                        graph.lists(level - 1),
                        graph.from(level - 1, row),
                        graph.places(level - 1)); // for the way down
                best = step(graph, points, scratch, level, best);
            } while (best != before);
        }
        return Pool.ordinal(best);
    }

    private static long step(Graph graph, Points points, Scratch scratch, int level, long best) {
        int n = scratch.gather(
                graph.lists(level), graph.from(level, Pool.ordinal(best)), graph.places(level), scratch.ids);
        points.prefetch(scratch.ids, n);
        Prefetch.rows(graph.upperAt, Integer.BYTES, scratch.ids, n);
        points.score(scratch.query, scratch.ids, n, scratch.scores);
        scratch.compared += n;
        long better = best;
        for (int i = 0; i < n; i++) {
            better = Math.max(better, Pool.key(scratch.ids[i], scratch.scores[i]));
        }
        return better;
    }

    /** Leaves the best {@code ef} rows that lie on the way from {@code start} in the scratch's pool. */
    static void search(Graph graph, Points points, Scratch scratch, int level, int start, int ef) {
        search(graph, points, scratch, level, start, ef, End.WHEN_FOLLOWED);
    }

    /** The same with another end; answers whether it was reached in time. */
    static boolean search(Graph graph, Points points, Scratch scratch, int level, int start, int ef, End end) {
        return search(graph, points, scratch, level, start, ef, end, null);
    }

    /**
     * The same for an answer.
     *
     * @param answers what the best are to be scored by, if not by the points: rows likely to be among them are prefetched
     */
    static boolean search(
            Graph graph,
            Points points,
            Scratch scratch,
            int level,
            int start,
            int ef,
            End end,
            @Nullable RowScores answers) {
        MemorySegment lists = graph.lists(level);
        int places = graph.places(level);
        int[] ids = scratch.ids;
        int[] ahead = scratch.ahead;
        float[] scores = scratch.scores;
        PointQuery query = scratch.query;
        Pool pool = scratch.pool;
        boolean narrows = end.slack() < Float.POSITIVE_INFINITY && points.measuresDistance();
        float zero = points.zero();
        pool.reset(ef);
        scratch.forgetMet();
        scratch.meet(start);
        ids[0] = start;
        int n = 1;
        long compared = 0;
        long followed = 0;
        boolean inTime = true;
        while (true) {
            int row = pool.follow(); // not knowing yet what the rows at hand bring
            if (row < 0 && n == 0) {
                break;
            }
            int nAhead = 0;
            if (row >= 0) {
                followed++;
                nAhead = scratch.gather(lists, graph.from(level, row), places, ahead);
                points.prefetch(ahead, nAhead);
            }
            points.score(query, ids, n, scores);
            compared += n;
            if (answers != null && row >= 0 && pool.followedPlace() < end.k()) {
                answers.prefetch(row); // behind what the walk itself waits for
            }
            keep(graph, level, pool, ids, scores, n);
            if (narrows) {
                pool.narrow(end.k(), end.slack(), zero, end.least());
            }
            int[] scored = ids;
            ids = ahead;
            ahead = scored;
            n = nAhead;
            if (end.isDue(followed)) {
                inTime = false;
                break;
            }
        }
        scratch.compared += compared;
        scratch.followed += followed;
        return inTime;
    }

    /**
     * Walks the lowest level with a list as long as the rows of {@code into} and writes down, before each row is followed, the
     * greatest distance so far of a row to be followed in proportion to that of the k-th best, both squared: a row of
     * {@code into} for each of {@code ks}. Answers how many rows were followed.
     */
    static int stretches(
            Graph graph, Points points, Scratch scratch, int start, int[] ks, float least, float[][] into) {
        Pool pool = scratch.pool;
        int followedMax = into[0].length;
        pool.reset(followedMax);
        scratch.forgetMet();
        scratch.meet(start);
        scratch.ids[0] = start;
        points.score(scratch.query, scratch.ids, 1, scratch.scores);
        pool.offer(start, scratch.scores[0]);
        float zero = points.zero();
        int followed = 0;
        for (int row = pool.follow(); row >= 0 && followed < followedMax; row = pool.follow()) {
            for (int i = 0; i < ks.length; i++) {
                float before = followed == 0 ? 0 : into[i][followed - 1];
                into[i][followed] = Math.max(before, stretch(pool, ks[i], zero, least));
            }
            followed++;
            int n = scratch.gather(graph.links, graph.from(0, row), graph.places(0), scratch.ids);
            points.prefetch(scratch.ids, n);
            points.score(scratch.query, scratch.ids, n, scratch.scores);
            keep(graph, 0, pool, scratch.ids, scratch.scores, n);
        }
        return followed;
    }

    private static float stretch(Pool pool, int k, float zero, float least) {
        if (pool.size() < k) {
            return 0;
        }
        float kth = Math.max(zero - pool.score(k - 1), Math.max(least, Float.MIN_NORMAL));
        return (zero - pool.score(pool.followedPlace())) / kth;
    }

    /**
     * Leaves the best {@code ef} accepted rows of the lowest level that lie on the way from the first {@code starts} of the
     * scratch's in its pool. A refused row is not kept; its links are looked at in its place, so that the accepted rows two steps
     * away are met (after ACORN-1: Patel et al., SIGMOD 2024, arXiv 2403.04871). Answers whether it ended before the deadline
     * and before {@code lookedAtMax} rows were looked at; one compared counts as {@link #LOOKED_AT_PER_COMPARED}.
     */
    static boolean searchAccepted(
            Graph graph,
            Points points,
            Scratch scratch,
            int starts,
            int ef,
            OrdinalFilter filter,
            long lookedAtMax,
            End end) {
        MemorySegment lists = graph.lists(0);
        int places = graph.places(0);
        int gathered = 2 * places;
        scratch.reserve(gathered + places);
        int[] refused = scratch.refused(places);
        int[] ids = scratch.ids;
        float[] scores = scratch.scores;
        Pool pool = scratch.pool;
        boolean narrows = end.slack() < Float.POSITIVE_INFINITY && points.measuresDistance();
        float zero = points.zero();
        pool.reset(ef);
        scratch.forgetMet();
        int n = 0;
        for (int i = 0; i < starts; i++) {
            int start = scratch.starts[i];
            if (n < gathered && scratch.meet(start) && filter.accepts(start)) {
                ids[n++] = start;
            }
        }
        long lookedAt = 0;
        for (int row = scratch.starts[0]; row >= 0; row = pool.follow()) {
            scratch.followed++;
            if (end.isDue(scratch.followed) || lookedAt > lookedAtMax) {
                return false;
            }
            int degree = scratch.copyList(lists, graph.from(0, row), places, refused);
            int refusals = 0;
            for (int i = 0; i < degree; i++) {
                int near = refused[i];
                if (scratch.meet(near)) {
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
                    if (filter.accepts(beyond) && scratch.meet(beyond)) {
                        ids[n++] = beyond;
                    }
                }
            }
            points.prefetch(ids, n);
            points.score(scratch.query, ids, n, scores);
            scratch.compared += n;
            lookedAt += (long) n * LOOKED_AT_PER_COMPARED;
            keep(graph, 0, pool, ids, scores, n);
            n = 0;
            if (narrows) {
                pool.narrow(end.k(), end.slack(), zero, end.least());
            }
        }
        return true;
    }

    /** Keeps those of the first {@code n} rows that are good enough, and prefetches their links, for some are followed soon. */
    private static void keep(Graph graph, int level, Pool pool, int[] ids, float[] scores, int n) {
        MemorySegment lists = graph.lists(level);
        int places = graph.places(level);
        for (int from = 0; from < n; from += Pool.CHUNK) {
            for (long good = pool.good(scores, from, n); good != 0; good &= good - 1) {
                int i = from + Long.numberOfTrailingZeros(good);
                prefetch(lists, graph.from(level, ids[i]), places);
                pool.insert(ids[i], scores[i]);
            }
        }
    }

    private static void prefetch(MemorySegment lists, long from, int places) {
        Prefetch.range(lists, from, 4L * places);
    }
}
