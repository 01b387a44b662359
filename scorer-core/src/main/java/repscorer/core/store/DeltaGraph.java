package repscorer.core.store;

import java.util.Arrays;
import repscorer.ann.HnswParameters;
import repscorer.ann.Neighbors;
import repscorer.ann.OrdinalFilter;
import repscorer.ann.SearchOptions;
import repscorer.ann.TopK;
import repscorer.ann.hnsw.MutableHnswIndex;
import repscorer.core.embedding.DenseSpace;
import repscorer.vector.DenseRows;
import repscorer.vector.Metric;

/**
 * A graph over the first slots of a delta, so that a search need not scan them. It follows the delta a little behind: what it
 * does not cover yet is scanned. One thread at a time covers; searches run beside it.
 */
final class DeltaGraph {

    /*
     * The graph only grows, so its ordinals count the rows that came. It holds rows that later ones took the place of, for
     * older views still see those; an answer is held to its view. Where too much of an answer falls away, the caller scans.
     *
     * A search reads `covered` first: every row below it was linked before. `slots` is read after it, so that it knows their
     * places; what the graph answers beyond is scanned anyway, and left out here.
     */

    /** A delta of fewer rows is scanned as fast as a graph is walked. */
    static final int ROWS_MIN = 4_096;

    /** So many rows may wait to be covered. */
    static final int BEHIND_MAX = 256;

    /** Rows come at a pace that a build never has to keep, and stay for minutes. */
    private static final int EF_CONSTRUCTION_MAX = 64;

    /** Answers asked for beyond those wanted, for some are of rows that were replaced. */
    private static final int SPARE = 16;

    private final MutableHnswIndex graph;
    private volatile int[] slots = new int[1_024]; // by the graph's ordinals
    private volatile int[] outside = {}; // slots whose rows no graph can hold
    private volatile int covered; // slots below this one are in the graph, outside it, or hold no row

    /* Guarded by this. */
    private int rows;

    DeltaGraph(DenseSpace space) {
        HnswParameters own = space.hnsw();
        HnswParameters parameters =
                new HnswParameters(own.m(), Math.min(own.efConstruction(), EF_CONSTRUCTION_MAX), own.seed());
        this.graph = MutableHnswIndex.empty(space.dimension(), space.metric(), parameters, space.codes());
    }

    int covered() {
        return covered;
    }

    /** Links all slots of a view that are not in the graph yet. */
    synchronized void cover(DeltaView view, int dimension) {
        float[] row = new float[dimension];
        for (int slot = covered; slot < view.count(); slot++) {
            if (!view.isDeletion(slot)) {
                view.chunk(slot).copyRow(slot % Delta.CHUNK_ROWS, row);
                insert(slot, row);
            }
            covered = slot + 1;
        }
    }

    private void insert(int slot, float[] row) {
        if (rows == slots.length) {
            slots = Arrays.copyOf(slots, 2 * rows);
        }
        slots[rows] = slot; // the graph publishes it with the row
        try {
            int ordinal = graph.insert(row);
            if (ordinal != rows) {
                throw new IllegalStateException(
                        "a graph that only grows counts its rows: %d, not %d".formatted(ordinal, rows));
            }
            rows++;
        } catch (IllegalArgumentException e) {
            int[] more = Arrays.copyOf(outside, outside.length + 1);
            more[outside.length] = slot;
            outside = more;
        }
    }

    /**
     * Offers the best rows of the slots it covers.
     *
     * @param first what slots' ordinals begin with
     * @return the first slot that is left to be scanned: 0 where the graph's answer is not enough
     */
    int search(DeltaView view, float[] query, float norm, SearchOptions options, int first, TopK best) {
        int upTo = Math.min(covered, view.count());
        int[] places = slots;
        OrdinalFilter filter = options.filter();
        int k = 2 * options.k() + SPARE;
        Neighbors found = graph.search(
                query,
                new SearchOptions(
                        k,
                        Math.max(k, options.ef()),
                        OrdinalFilter.ALL,
                        options.scoreMin(),
                        false,
                        options.recallTarget(),
                        options.deadlineNanos()));
        int[] kept = new int[found.size()];
        float[] scores = new float[found.size()];
        int n = 0;
        for (int i = 0; i < found.size(); i++) {
            int ordinal = found.ordinals()[i];
            int slot = ordinal < places.length ? places[ordinal] : Integer.MAX_VALUE;
            if (slot < upTo && view.isLive(slot) && filter.accepts(first + slot)) {
                kept[n] = first + slot;
                scores[n++] = found.scores()[i];
            }
        }
        if (n < options.k() && found.size() == k) {
            return 0;
        }
        for (int i = 0; i < n; i++) {
            best.offer(kept[i], scores[i]);
        }
        for (int slot : outside) {
            if (slot < upTo && view.isLive(slot) && filter.accepts(first + slot)) {
                offer(view, query, norm, options, slot, first, best);
            }
        }
        return upTo;
    }

    private void offer(
            DeltaView view, float[] query, float norm, SearchOptions options, int slot, int first, TopK best) {
        DenseRows chunk = view.chunk(slot);
        int row = slot % Delta.CHUNK_ROWS;
        if (graph.metric() == Metric.COSINE && chunk.norm(row) == 0) {
            return;
        }
        float score = chunk.score(graph.metric(), query, norm, row);
        if (score >= options.scoreMin()) {
            best.offer(first + slot, score);
        }
    }
}
