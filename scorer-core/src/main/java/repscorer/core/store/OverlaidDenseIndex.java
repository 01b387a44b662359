package repscorer.core.store;

import repscorer.ann.DenseIndex;
import repscorer.ann.DenseScan;
import repscorer.ann.Neighbors;
import repscorer.ann.OrdinalFilter;
import repscorer.ann.SearchOptions;
import repscorer.ann.SearchStats;
import repscorer.ann.TopK;
import repscorer.vector.DenseRows;
import repscorer.vector.Metric;

/** A base's index with the rows that changed left out, and the rows that came, by their graph or a scan: one answer by score. */
record OverlaidDenseIndex(DenseIndex base, DeltaView delta) implements DenseIndex {

    @Override
    public String engine() {
        return base.engine();
    }

    @Override
    public Metric metric() {
        return base.metric();
    }

    @Override
    public int dimension() {
        return base.dimension();
    }

    @Override
    public int count() {
        return delta.rows();
    }

    /** O(the base's search + changes · dimension), for changes that no graph covers yet. */
    @Override
    public Neighbors search(float[] query, SearchOptions options) {
        float norm = DenseScan.checkQuery(query, metric(), dimension());
        Neighbors old = base.count() == 0
                ? new Neighbors(new int[0], new float[0], new SearchStats(SearchStats.Plan.EXACT, 0, 0))
                : base.search(query, options.withFilter(delta.untouched(options.filter())));
        TopK best = new TopK(options.k());
        for (int i = 0; i < old.size(); i++) {
            best.offer(old.ordinals()[i], old.scores()[i]);
        }
        DeltaGraph graph = options.exact() ? null : delta.graph();
        int from = graph == null ? 0 : graph.search(delta, query, norm, options, base.count(), best);
        long scored = scan(query, norm, options, from, best);
        SearchStats stats = old.stats();
        SearchStats.End end =
                best.isFull() && stats.end() != SearchStats.End.DEADLINE ? SearchStats.End.DONE : stats.end();
        return best.drain(new SearchStats(stats.plan(), stats.scored() + scored, stats.ef(), stats.visited(), end));
    }

    private long scan(float[] query, float norm, SearchOptions options, int from, TopK best) {
        Metric metric = metric();
        OrdinalFilter filter = options.filter();
        boolean all = filter.equals(OrdinalFilter.ALL);
        boolean skipsZero = metric == Metric.COSINE;
        int first = base.count();
        int count = delta.count();
        long scored = 0;
        for (int slot = from; slot < count; slot++) {
            if (!delta.isLive(slot) || (!all && !filter.accepts(first + slot))) {
                continue;
            }
            DenseRows rows = delta.chunk(slot);
            int row = slot % Delta.CHUNK_ROWS;
            if (skipsZero && rows.norm(row) == 0) {
                continue;
            }
            float score = rows.score(metric, query, norm, row);
            scored++;
            if (score >= options.scoreMin()) {
                best.offer(first + slot, score);
            }
        }
        return scored;
    }

    @Override
    public void close() {
        base.close();
    }
}
