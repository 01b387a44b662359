package repscorer.core.store.delta;

import org.jspecify.annotations.Nullable;
import repscorer.ann.DenseIndex;
import repscorer.ann.DenseScan;
import repscorer.ann.Neighbors;
import repscorer.ann.OrdinalFilter;
import repscorer.ann.SearchOptions;
import repscorer.ann.SearchStats;
import repscorer.ann.SearchStats.End;
import repscorer.ann.TopK;
import repscorer.vector.Metric;

/** A base's index with the rows that changed left out, and the rows that came, by their graph or a scan: one answer by score. */
public record OverlaidDenseIndex(DenseIndex base, DeltaView delta) implements DenseIndex {

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
        TopK best = new TopK(options.k());
        @Nullable DeltaGraph graph = options.exact() ? null : delta.graph();
        if (graph == null) {
            SearchStats stats = searchBase(query, options, best);
            return answer(best, stats, scan(query, norm, options, 0, best), stats.end() == End.DEADLINE);
        }
        DeltaGraph.Found found = graph.search(delta, query, norm, options, base.count(), best);
        boolean late = found.stats().end() == End.DEADLINE;
        if (graph.holdsBase()) {
            return answer(best, found.stats(), scan(query, norm, options, found.upTo(), best), late);
        }
        SearchStats stats = searchBase(query, options, best);
        long more = found.stats().scored() + scan(query, norm, options, found.upTo(), best);
        return answer(best, stats, more, late || stats.end() == End.DEADLINE);
    }

    private static Neighbors answer(TopK best, SearchStats stats, long scoredBeside, boolean late) {
        End end = late ? End.DEADLINE : best.isFull() ? End.DONE : stats.end();
        return best.drain(
                new SearchStats(stats.plan(), stats.scored() + scoredBeside, stats.ef(), stats.visited(), end));
    }

    private SearchStats searchBase(float[] query, SearchOptions options, TopK best) {
        if (base.count() == 0) {
            return new SearchStats(SearchStats.Plan.EXACT, 0, 0);
        }
        Neighbors found = base.search(query, options.withFilter(delta.untouched(options.filter())));
        for (int i = 0; i < found.size(); i++) {
            best.offer(found.ordinals()[i], found.scores()[i]);
        }
        return found.stats();
    }

    private long scan(float[] query, float norm, SearchOptions options, int from, TopK best) {
        Metric metric = metric();
        OrdinalFilter filter = options.filter();
        boolean all = filter.equals(OrdinalFilter.ALL);
        int first = base.count();
        int count = delta.count();
        long scored = 0;
        for (int slot = from; slot < count; slot++) {
            if (delta.isLive(slot) && (all || filter.accepts(first + slot))) {
                delta.offer(slot, metric, query, norm, options.scoreMin(), best, first + slot);
                scored++;
            }
        }
        return scored;
    }

    @Override
    public void close() {
        base.close();
    }
}
