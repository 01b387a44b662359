package repscorer.ann.hnsw;

import java.lang.foreign.Arena;
import java.util.ArrayDeque;
import java.util.Arrays;
import repscorer.ann.BuildProgress;
import repscorer.ann.BuildThreads;
import repscorer.ann.DenseIndex;
import repscorer.ann.DenseScan;
import repscorer.ann.HnswParameters;
import repscorer.ann.Neighbors;
import repscorer.ann.OrdinalFilter;
import repscorer.ann.SearchOptions;
import repscorer.ann.SearchPlan;
import repscorer.ann.SearchStats.End;
import repscorer.ann.SearchStats.Plan;
import repscorer.parallel.Epochs;
import repscorer.vector.DenseRows;
import repscorer.vector.Metric;

/**
 * An HNSW graph whose rows come and go while searches run.
 *
 * <p>A row lives in a slot, whose number is its ordinal: {@link #insert} answers it, {@link #update} moves the row to another
 * one. A deleted row is answered no more at once; its neighbours are linked anew and its slot is used again in batches, see
 * {@link #repair}. The index grows as needed.
 *
 * <p>Searches take no lock and never see a row half written: a slot is written only when no search that could know it is
 * left. Writes wait for each other; each is visible to every search that starts after it returns. An insertion is about
 * O(efConstruction · M · dimension), a deletion about O(M² · dimension) with what its repair costs. All memory that grows
 * with the rows is off the heap.
 */
public final class MutableHnswIndex implements DenseIndex, LinkedRows {

    /*
     * What must not happen is that a search reaches a slot whose row is being replaced. So a deleted row stays linked until a
     * batch of them is unlinked (GraphEditor), and then the slots wait until every search that began before has ended (Epochs).
     *
     * A new row that no list has room for, because all rows around it are closer to each other, is an orphan: searches score
     * it beside the search until enough of them are there to be worth a pass that makes every row reachable.
     *
     * Growing copies everything to larger memory; searches at work end on the old.
     */

    private static final int CAPACITY_MIN = 1024;

    /** Deleted rows are unlinked when there are this many, or one in so many of all, whichever is more. */
    private static final int REPAIR_MIN = 64;

    private static final int REPAIR_ONE_IN = 500;

    /** So many rows that nothing leads to are scored beside each search at most. */
    private static final int ORPHANS_MAX = 64;

    /** The scales of codes need so many rows to be set; until then the search compares floats. */
    private static final int CODED_ROWS_MIN = 1000;

    /** Codes are made anew, on other scales, when one value in so many inserted was cut off. */
    private static final int CUT_ONE_IN = 100;

    /** What one search sees. */
    private record State(MutableRows rows, Graph graph, RowScorer scorer, GraphSearch search) {}

    private final Metric metric;
    private final HnswParameters parameters;
    private final int efConstruction;
    private final Quantization quantization;
    private final int dimension;
    private final Calibration calibration;
    private final Epochs epochs = new Epochs();

    private volatile State state;

    /* Guarded by this. */
    private GraphEditor editor;
    private int used;
    private int inGraph;
    private int repaired;
    private long valuesInserted;
    private long valuesCut;

    /** Deleted rows that are still linked. */
    private final ArrayDeque<Integer> deleted = new ArrayDeque<>();

    private final FreeSlots free = new FreeSlots(epochs);

    private MutableHnswIndex(
            HnswParameters parameters,
            int efConstruction,
            Quantization quantization,
            Calibration calibration,
            MutableRows rows,
            Graph graph,
            RowScorer scorer) {
        this.metric = scorer.metric;
        this.parameters = parameters;
        this.efConstruction = efConstruction;
        this.dimension = rows.view().dimension();
        this.quantization = quantization.in(dimension);
        this.calibration = calibration;
        this.state = state(rows, graph, scorer, new int[0]);
        this.editor = editor(scratch(graph.capacity));
    }

    private State state(MutableRows rows, Graph graph, RowScorer scorer, int[] orphans) {
        Reranker reranker = quantization.reranks() ? Reranker.of(rows.view(), metric) : null;
        return new State(
                rows, graph, scorer, new GraphSearch(rows.view(), graph, scorer, reranker, orphans, calibration));
    }

    private GraphEditor editor(BuildScratch scratch) {
        return new GraphEditor(state.graph(), state.scorer(), state.rows(), efConstruction, scratch);
    }

    private BuildScratch scratch(int capacity) {
        return new BuildScratch(capacity, dimension, Math.max(4 * parameters.m(), efConstruction), parameters.m());
    }

    /** An index without rows. */
    public static MutableHnswIndex empty(
            int dimension, Metric metric, HnswParameters parameters, Quantization quantization) {
        Arena arena = Arena.ofAuto();
        MutableRows rows = MutableRows.empty(CAPACITY_MIN, dimension, arena);
        return new MutableHnswIndex(
                parameters,
                parameters.efConstruction(),
                quantization,
                Calibration.NONE,
                rows,
                Graph.empty(parameters.m(), CAPACITY_MIN, parameters.seed(), arena),
                new FloatScorer(rows.view(), metric));
    }

    /** Whether an index can be copied: it can where all its rows are in the graph. */
    public static boolean copies(HnswIndex index) {
        return index.outside().length == 0;
    }

    /**
     * A copy of an index that can be changed; its rows keep their ordinals. Takes memory for the float32 rows too.
     *
     * @throws IllegalArgumentException when rows of it are outside the graph, because float32 sums cannot compare them
     */
    public static MutableHnswIndex copyOf(HnswIndex index) {
        return copyOf(index, index.parameters().efConstruction());
    }

    /** The same with another effort for the rows to come; an index that is carried on from it has the first one's parameters. */
    public static MutableHnswIndex copyOf(HnswIndex index, int efConstruction) {
        if (!copies(index)) {
            throw new IllegalArgumentException(
                    "rows too large or too small to be compared in float32 cannot be changed: row "
                            + index.outside()[0]);
        }
        Arena arena = Arena.ofAuto();
        DenseRows rows = index.rows();
        int capacity = Math.max(CAPACITY_MIN, rows.count() + rows.count() / 8);
        MutableRows copied = MutableRows.empty(capacity, rows.dimension(), arena);
        float[] values = new float[rows.dimension()];
        for (int row = 0; row < rows.count(); row++) {
            rows.copyRow(row, values);
            copied.set(row, values, rows.norm(row));
            copied.show(row);
        }
        Graph graph = index.graph().grown(capacity, arena);
        Metric metric = index.metric();
        RowScorer scorer = index.scorer() instanceof QuantizedScorer coded
                ? coded(copied, coded, arena)
                : new FloatScorer(copied.view(), metric);
        MutableHnswIndex copy = new MutableHnswIndex(
                index.parameters(), efConstruction, index.quantization(), index.calibration(), copied, graph, scorer);
        copy.used = rows.count();
        copy.inGraph = rows.count();
        copy.repaired = index.repaired();
        return copy;
    }

    /** Rows may come and go meanwhile: of those that this call finds, links are taken over. */
    @Override
    public HnswIndex carriedOver(DenseRows rows, int[] before, BuildThreads threads, BuildProgress progress)
            throws InterruptedException {
        return new HnswBuild(rows, metric, parameters, quantization, threads.workers(), progress)
                .carriedOver(state.graph(), before, calibration);
    }

    private static QuantizedScorer coded(MutableRows rows, QuantizedScorer like, Arena arena) {
        QuantizedScorer scorer = like.empty(rows.capacity(), arena);
        float[] values = new float[rows.view().dimension()];
        byte[] code = new byte[values.length];
        for (int row = 0; row < rows.capacity(); row++) {
            if (rows.view().norm(row) > 0 || scorer.metric != Metric.COSINE) {
                rows.view().copyRow(row, values);
                scorer.set(row, values, rows.view().norm(row), code);
            }
        }
        return scorer;
    }

    @Override
    public String engine() {
        return HnswIndex.ENGINE;
    }

    @Override
    public Metric metric() {
        return metric;
    }

    @Override
    public int dimension() {
        return dimension;
    }

    /** How many rows can be answered. */
    @Override
    public int count() {
        return state.rows().liveCount();
    }

    /**
     * Adds a row and answers its ordinal.
     *
     * @param vector copied
     * @throws IllegalArgumentException when the dimension differs, a value is not finite, or the vector is zero under {@link
     *     Metric#COSINE} or too large or small to be compared in float32
     */
    public synchronized int insert(float[] vector) {
        if (vector.length != dimension) {
            throw new IllegalArgumentException(
                    "dimension differs: the index has " + dimension + ", the vector has " + vector.length);
        }
        float norm = RowRules.check(vector, metric, "the vector to insert");
        if (!RowScorer.comparable(metric, norm)) {
            throw new IllegalArgumentException("the vector's norm is out of what float32 sums can compare: " + norm);
        }
        int slot = freeSlot();
        MutableRows rows = state.rows();
        rows.set(slot, vector, norm);
        if (state.scorer() instanceof QuantizedScorer scorer) {
            valuesCut += scorer.set(slot, vector.clone(), norm, editor.scratch().chosen.row);
            valuesInserted += dimension;
        }
        if (!editor.link(slot)) {
            adopt(slot);
        }
        rows.show(slot);
        inGraph++;
        if (needsOtherScales()) {
            rescale();
        }
        return slot;
    }

    /** Replaces a row by another and answers the other's ordinal; the old one is free for reuse. Otherwise as {@link #insert}. */
    public synchronized int update(int ordinal, float[] vector) {
        checkLive(ordinal);
        int slot = insert(vector);
        delete(ordinal);
        return slot;
    }

    /**
     * Takes a row out: searches that start from now on do not answer it.
     *
     * @throws IndexOutOfBoundsException when there is no such row
     */
    public synchronized void delete(int ordinal) {
        checkLive(ordinal);
        state.rows().hide(ordinal);
        deleted.add(ordinal);
        if (deleted.size() >= Math.max(REPAIR_MIN, inGraph / REPAIR_ONE_IN)) {
            repair();
        }
    }

    private void checkLive(int ordinal) {
        if (ordinal < 0 || ordinal >= used || !state.rows().accepts(ordinal)) {
            throw new IndexOutOfBoundsException("no row has the ordinal " + ordinal);
        }
    }

    /** A slot that no search can see. */
    private int freeSlot() {
        int slot = free.take();
        if (slot != Graph.NONE) {
            return slot;
        }
        if (used == state.graph().capacity) {
            grow();
        }
        return used++;
    }

    private void grow() {
        State old = state;
        int capacity = Math.toIntExact(Math.min(Integer.MAX_VALUE - 64L, old.graph().capacity * 3L / 2));
        Arena arena = Arena.ofAuto();
        MutableRows rows = old.rows().grown(capacity, arena);
        RowScorer scorer = old.scorer() instanceof QuantizedScorer coded
                ? coded.grown(capacity, arena)
                : new FloatScorer(rows.view(), metric);
        show(rows, old.graph().grown(capacity, arena), scorer, scratch(capacity));
    }

    /** Lets searches see other memory from now on, with the same orphans. */
    private void show(MutableRows rows, Graph graph, RowScorer scorer, BuildScratch scratch) {
        state = state(rows, graph, scorer, state.search().outside());
        editor = editor(scratch);
    }

    private boolean needsOtherScales() {
        if (quantization == Quantization.NONE) {
            return false;
        }
        return state.scorer() instanceof FloatScorer
                ? inGraph >= CODED_ROWS_MIN
                : valuesInserted >= (long) CODED_ROWS_MIN * dimension && valuesCut * CUT_ONE_IN > valuesInserted;
    }

    /** Encodes all rows anew, on scales that fit them. */
    private void rescale() {
        State old = state;
        valuesCut = 0;
        valuesInserted = 0;
        QuantizedScorer scorer = QuantizedScorer.of(old.rows().view(), metric, Arena.ofAuto());
        show(old.rows(), old.graph(), scorer, editor.scratch());
    }

    /** Lets searches score a row that nothing leads to. */
    private void adopt(int row) {
        int[] before = state.search().outside();
        int[] orphans = Arrays.copyOf(before, before.length + 1);
        orphans[before.length] = row;
        state.search().outside(orphans);
        if (orphans.length >= ORPHANS_MAX) {
            reconnect();
        }
    }

    private void reconnect() {
        repaired += Connectivity.repair(state.graph(), state.scorer(), editor.scratch().search);
        state.search().outside(new int[0]);
    }

    /**
     * Unlinks all deleted rows, links their neighbours anew, and makes every row reachable. Runs by itself when a batch of
     * rows is deleted; O(links) and about a millisecond more for each deleted row. Their slots are used again as soon as the
     * searches at work have ended.
     */
    public synchronized void repair() {
        if (deleted.isEmpty()) {
            reconnect();
            return;
        }
        editor.unlink(deleted, used);
        inGraph -= deleted.size();
        reconnect();
        free.add(deleted);
        deleted.clear();
    }

    @Override
    public Neighbors search(float[] query, SearchOptions options) {
        float queryNorm = DenseScan.checkQuery(query, metric, dimension);
        int place = epochs.enter();
        try {
            return search(state, query, queryNorm, options);
        } finally {
            epochs.leave(place);
        }
    }

    private Neighbors search(State now, float[] query, float queryNorm, SearchOptions options) {
        MutableRows rows = now.rows();
        boolean all = options.filter().equals(OrdinalFilter.ALL);
        OrdinalFilter filter = rows.and(options.filter());
        SearchOptions scanning = options.withFilter(filter);
        int live = rows.liveCount();
        int accepted = all ? live : filter.accepted(rows.capacity());
        int ef = calibration.effort(options);
        SearchPlan plan = SearchPlan.of(options, ef, accepted, live, live, GraphSearch.searchCost(now.graph().m), true);
        if (ef == 0 || plan.scans() || now.graph().entry() < 0 || !RowScorer.comparable(metric, queryNorm)) {
            return DenseScan.search(rows.view(), metric, query, queryNorm, scanning, Plan.EXACT);
        }
        SearchOptions searching = all ? options : scanning;
        Neighbors found = now.search().run(query, queryNorm, searching, plan, accepted, live, rows);
        return found.stats().end() == End.EXHAUSTED && found.size() < Math.min(options.k(), accepted)
                ? DenseScan.search(rows.view(), metric, query, queryNorm, scanning, Plan.EXACT_AFTER_GRAPH)
                : found;
    }

    /** Counts degrees and checks that every row can be reached. O(links). */
    public synchronized HnswStats stats() {
        return HnswStats.of(state.graph(), state.scorer(), deleted.size(), repaired);
    }

    /** How many slots there are, used and free. */
    public synchronized int slots() {
        return used;
    }
}
