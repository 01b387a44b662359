package repscorer.ann.hnsw;

/** The two walks of HNSW: down to a level by single steps, and over a level with a list of candidates. */
final class Walk {

    /*
     * A step gathers the neighbours not met yet, touches a byte of each of their cache lines, and scores them together: the
     * processor then waits for all of them at once and not for one after the other. The list of the row that comes next
     * if none of them is better is touched along with them.
     */

    private Walk() {}

    /** The row on {@code levelTo} + 1 that single steps from the entry lead to; the entry itself if that is below. */
    static int descend(Graph graph, Points points, Scratch scratch, int levelTo) {
        int at = graph.entry;
        if (graph.top <= levelTo) {
            return at;
        }
        scratch.forgetMet(); // once: a row met on any level above is no better than the best so far
        scratch.ids[0] = at;
        points.score(scratch.query, scratch.ids, 1, scratch.scores);
        long best = Pool.key(at, scratch.scores[0]);
        for (int level = graph.top; level > levelTo; level--) {
            long before;
            do {
                before = best;
                best = step(graph, points, scratch, level, best);
            } while (best != before);
        }
        return Pool.ordinal(best);
    }

    private static long step(Graph graph, Points points, Scratch scratch, int level, long best) {
        int n = scratch.gather(graph.lists(level), graph.from(level, Pool.ordinal(best)), graph.places(level));
        scratch.touched += points.touch(scratch.ids, n);
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
        int[] lists = graph.lists(level);
        int places = graph.places(level);
        int[] ids = scratch.ids;
        float[] scores = scratch.scores;
        PointQuery query = scratch.query;
        Pool pool = scratch.pool;
        pool.reset(ef);
        scratch.forgetMet();
        scratch.meet(start);
        ids[0] = start;
        points.score(query, ids, 1, scores);
        pool.offer(start, scores[0]);
        for (int row = pool.follow(); row >= 0; row = pool.follow()) {
            int n = scratch.gather(lists, graph.from(level, row), places);
            int next = pool.peek();
            scratch.touched += points.touch(ids, n) + (next < 0 ? 0 : lists[graph.from(level, next)]);
            points.score(query, ids, n, scores);
            scratch.compared += n;
            for (int i = 0; i < n; i++) {
                pool.offer(ids[i], scores[i]);
            }
        }
    }
}
