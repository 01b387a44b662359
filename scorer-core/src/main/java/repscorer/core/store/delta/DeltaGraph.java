package repscorer.core.store.delta;

import java.util.Arrays;
import java.util.Optional;
import repscorer.ann.DenseIndex;
import repscorer.ann.HnswParameters;
import repscorer.ann.Neighbors;
import repscorer.ann.OrdinalFilter;
import repscorer.ann.SearchOptions;
import repscorer.ann.SearchStats;
import repscorer.ann.TopK;
import repscorer.ann.hnsw.HnswIndex;
import repscorer.ann.hnsw.MutableHnswIndex;
import repscorer.core.embedding.DenseSpace;
import repscorer.core.store.index.Predecessor;

/**
 * A graph over the first slots of a delta, so that a search need not scan them; over the base's rows as well, where these have a
 * graph of our own to start from, so that one search finds both. It follows the delta a little behind: what it does not cover yet
 * is scanned. One thread at a time covers; searches run beside it.
 */
public final class DeltaGraph {

    /*
     * The graph only grows, so its ordinals count the rows that came, after the base's. It holds rows that later ones took the
     * place of, for older views still see those; a filter holds each search to its view. The next compaction leaves them behind.
     *
     * A search reads `covered` first: every row below it was linked before. `slots` is read after it, so that it knows their
     * places; what the graph answers beyond is scanned anyway, and left out here.
     */

    /** A delta of fewer rows is scanned as fast as a graph is searched. */
    public static final int ROWS_MIN = 1_024;

    /** So many rows may wait to be covered. */
    public static final int BEHIND_MAX = 256;

    /** Rows come at a pace that a build never has to keep. */
    private static final int EF_CONSTRUCTION_MAX = 64;

    /** Rows looked at to learn which share of them a search may answer. */
    private static final int SAMPLED = 64;

    private final MutableHnswIndex graph;
    private final int baseRows; // in the graph: all of the base's or none
    private volatile int[] slots = new int[1_024]; // by the graph's ordinals from baseRows on
    private volatile int[] outside = {}; // slots whose rows no graph can hold
    private volatile int covered; // slots below this one are in the graph, outside it, or hold no row

    /* Guarded by this. */
    private int rows; // linked of the delta's

    private DeltaGraph(MutableHnswIndex graph, int baseRows) {
        this.graph = graph;
        this.baseRows = baseRows;
    }

    /** Without slots yet. Copies the base's graph and rows where that can be changed. */
    static DeltaGraph over(DenseSpace space, Optional<DenseIndex> base) {
        if (base.isPresent() && base.get() instanceof HnswIndex index && MutableHnswIndex.copies(index)) {
            return new DeltaGraph(
                    MutableHnswIndex.copyOf(index, Math.min(index.parameters().efConstruction(), EF_CONSTRUCTION_MAX)),
                    index.count());
        }
        HnswParameters own = space.hnsw();
        HnswParameters parameters =
                new HnswParameters(own.m(), Math.min(own.efConstruction(), EF_CONSTRUCTION_MAX), own.seed());
        return new DeltaGraph(MutableHnswIndex.empty(space.dimension(), space.metric(), parameters, space.codes()), 0);
    }

    /** Slots below this one are searched by it. */
    public int covered() {
        return covered;
    }

    /** Whether a search finds the base's rows too. */
    public boolean holdsBase() {
        return baseRows > 0;
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
            if (ordinal != baseRows + rows) {
                throw new IllegalStateException(
                        "a graph that only grows counts its rows: %s, not %s".formatted(ordinal, baseRows + rows));
            }
            rows++;
        } catch (IllegalArgumentException e) {
            int[] more = Arrays.copyOf(outside, outside.length + 1);
            more[outside.length] = slot;
            outside = more;
        }
    }

    /**
     * What a search found in the graph.
     *
     * @param upTo the first slot that is left to be scanned
     */
    record Found(int upTo, SearchStats stats) {}

    /**
     * Offers the best rows of the slots it covers, and of the base where it holds that.
     *
     * @param baseCount what slots' ordinals begin with
     */
    Found search(DeltaView view, float[] query, float norm, SearchOptions options, int baseCount, TopK best) {
        int upTo = Math.min(covered, view.count());
        Shown shown = new Shown(view, baseRows, slots, upTo, baseCount, options.filter());
        Neighbors found = graph.search(query, options.withFilter(shown));
        for (int i = 0; i < found.size(); i++) {
            best.offer(shown.ordinal(found.ordinals()[i]), found.scores()[i]);
        }
        for (int slot : outside) {
            if (shown.acceptsSlot(slot)) {
                view.offer(slot, graph.metric(), query, norm, options.scoreMin(), best, baseCount + slot);
            }
        }
        return new Found(upTo, found.stats());
    }

    /** The graph to carry on, with ordinals of its own in place of a version's; empty where too few of the rows are in it. */
    public Optional<Predecessor> predecessor(int[] versionOrdinals) {
        int[] bySlot = new int[covered];
        Arrays.fill(bySlot, -1);
        int[] places = slots;
        for (int i = 0; i < places.length && (i == 0 || places[i] > places[i - 1]); i++) {
            if (places[i] < bySlot.length) {
                bySlot[places[i]] = baseRows + i;
            }
        }
        int[] own = new int[versionOrdinals.length];
        Arrays.setAll(own, row -> {
            int slot = versionOrdinals[row] - baseRows;
            return slot < 0 ? versionOrdinals[row] : slot < bySlot.length ? bySlot[slot] : -1;
        });
        return Predecessor.of(graph, own);
    }

    /** The graph's rows that a view shows and a search wants. */
    private record Shown(DeltaView view, int baseRows, int[] slots, int upTo, int baseCount, OrdinalFilter wanted)
            implements OrdinalFilter {

        /** In the version; beyond all for one that came after this search had begun. */
        int ordinal(int inGraph) {
            int place = inGraph - baseRows;
            return place < 0 ? inGraph : place < slots.length ? baseCount + slots[place] : Integer.MAX_VALUE;
        }

        boolean acceptsSlot(int slot) {
            return slot < upTo && view.isLive(slot) && wanted.accepts(baseCount + slot);
        }

        @Override
        public boolean accepts(int inGraph) {
            if (inGraph < baseRows) {
                return !view.overrides(inGraph) && wanted.accepts(inGraph);
            }
            int place = inGraph - baseRows;
            return place < slots.length && acceptsSlot(slots[place]);
        }

        /** Base rows by the wanted filter's own steps, which may pass over many at a time. */
        @Override
        public int next(int from, int count) {
            int at = from;
            while (at < baseRows) {
                at = wanted.next(at, baseRows);
                if (at < baseRows && !view.overrides(at)) {
                    return at;
                }
                at += at < baseRows ? 1 : 0;
            }
            while (at < count && !accepts(at)) {
                at++;
            }
            return Math.min(at, count);
        }

        /** An estimate, by a sample. */
        @Override
        public int accepted(int count) {
            int all = baseRows + upTo;
            int samples = Math.min(SAMPLED, all);
            int hits = 0;
            for (int i = 0; i < samples; i++) {
                int at = (int) ((long) i * all / samples);
                hits += (at < baseRows ? accepts(at) : acceptsSlot(at - baseRows)) ? 1 : 0;
            }
            return samples == 0 ? 0 : (int) ((long) hits * all / samples);
        }
    }
}
