package repscorer.ann.hnsw;

import java.lang.foreign.Arena;
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
import repscorer.vector.DenseRows;
import repscorer.vector.Metric;

/**
 * An HNSW graph that rows are added to while searches run. The rows' ordinals count up. The index grows as needed.
 *
 * <p>Searches take no lock and never see a row half written. Insertions wait for each other; each is visible to every search that
 * starts after it returns. One is about O(efConstruction · M · dimension), and O(dimension) where the row equals another. All
 * memory that grows with the rows is off the heap. Rows that are no longer wanted are left out by filters, until an index is {@link
 * #carriedOver} without them.
 */
public final class MutableHnswIndex implements DenseIndex, LinkedRows {

    /*
     * A row that equals another is not linked: Copies.
     *
     * A new row that no list has room for, because all rows around it are closer to each other, is an orphan: searches score
     * it beside the search until enough of them are there to be worth a pass that makes every row reachable.
     *
     * Growing copies everything to larger memory; searches at work end on the old.
     */

    private static final int CAPACITY_MIN = 1024;

    /** So many rows that nothing leads to are scored beside each search at most. */
    private static final int ORPHANS_MAX = 64;

    /** So many rows are scored beside each search for their norm at most; more are linked, and codes stretched. */
    private static final int OUTSIDE_MAX = 128;

    /** The scales of codes need so many rows to be set; until then the search compares floats. */
    private static final int CODED_ROWS_MIN = 1000;

    /** Directions are taken from the mean of all rows first when there are so many; then whenever there are twice as many. */
    private static final int CENTRED_ROWS_MIN = 64;

    /** Codes are made anew, on other scales, when one value in so many inserted was cut off. */
    private static final int CUT_ONE_IN = 100;

    /** As soon as so many rows show it, for links among rows that codes do not tell apart are bad ones. */
    private static final int CUT_ROWS_MIN = 64;

    /** What one search sees. */
    private record State(MutableRows rows, Graph graph, Copies copies, RowScorer scorer, GraphSearch search) {}

    private final Metric metric;
    private final HnswParameters parameters;
    private final int efConstruction;
    private final Quantization quantization;
    private final int dimension;
    private final Calibration calibration;
    private final RowTable table;

    private volatile State state;

    /* Guarded by this. */
    private GraphEditor editor;
    private int count;
    private int[] outside; // rows that no graph, or no code, can hold
    private float codedNormMax; // rows of a greater norm are such, while there are few
    private int repaired;
    private int centredUntil; // of so many rows the mean may be another: directions are taken from it anew
    private long valuesInserted;
    private long valuesCut;

    private MutableHnswIndex(
            HnswParameters parameters,
            int efConstruction,
            Quantization quantization,
            Calibration calibration,
            MutableRows rows,
            Graph graph,
            Copies copies,
            RowScorer scorer,
            int[] outside,
            float codedNormMax) {
        this.metric = scorer.metric;
        this.parameters = parameters;
        this.efConstruction = efConstruction;
        this.dimension = rows.view().dimension();
        this.quantization = quantization.in(dimension);
        this.calibration = calibration;
        this.outside = outside;
        this.codedNormMax = codedNormMax;
        this.state = state(rows, graph, copies, scorer, outside);
        this.table = table();
        this.editor = editor(scratch(graph.capacity));
    }

    private State state(MutableRows rows, Graph graph, Copies copies, RowScorer scorer, int[] beside) {
        Reranker reranker = quantization.reranks() ? Reranker.of(rows.view(), metric) : null;
        return new State(
                rows,
                graph,
                copies,
                scorer,
                new GraphSearch(rows.view(), graph, copies, scorer, reranker, beside, calibration));
    }

    /** Of all rows in the graph or beside it. */
    private RowTable table() {
        RowTable nodes = new RowTable(state.graph().capacity, dimension);
        for (int row : outside) {
            nodes.findOrAdd(state.rows().view(), row);
        }
        for (int row : held()) {
            nodes.findOrAdd(state.rows().view(), row);
        }
        return nodes;
    }

    /** The rows in the graph. */
    private int[] held() {
        Graph graph = state.graph();
        int[] held = new int[graph.capacity];
        int n = 0;
        for (int row = 0; row < graph.capacity; row++) {
            held[n] = row;
            n += graph.holds(row) ? 1 : 0;
        }
        return Arrays.copyOf(held, n);
    }

    private GraphEditor editor(BuildScratch scratch) {
        centredUntil = Math.max(CENTRED_ROWS_MIN, 2 * state.rows().shown());
        LinkRule rule = LinkRule.of(state.scorer(), held(), state.graph().capacity, dimension);
        return new GraphEditor(state.graph(), rule, efConstruction, scratch);
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
                new Copies(CAPACITY_MIN),
                new FloatScorer(rows.view(), metric),
                new int[0],
                Float.POSITIVE_INFINITY);
    }

    /** Whether an index can be copied: it can where it is a graph, and not scanned for rows that float32 sums cannot compare. */
    public static boolean copies(HnswIndex index) {
        return index.inGraph() > 0;
    }

    /** A copy of an index that rows can be added to; those it has keep their ordinals. Takes memory for the float32 rows too. */
    public static MutableHnswIndex copyOf(HnswIndex index) {
        return copyOf(index, index.parameters().efConstruction());
    }

    /** The same with another effort for the rows to come; an index that is carried on from it has the first one's parameters. */
    public static MutableHnswIndex copyOf(HnswIndex index, int efConstruction) {
        Arena arena = Arena.ofAuto();
        DenseRows rows = index.rows();
        int capacity = Math.max(CAPACITY_MIN, rows.count() + rows.count() / 8);
        MutableRows copied = MutableRows.empty(capacity, rows.dimension(), arena);
        float[] values = new float[rows.dimension()];
        for (int row = 0; row < rows.count(); row++) {
            rows.copyRow(row, values);
            copied.set(row, values, rows.norm(row));
        }
        copied.show(rows.count());
        Graph graph = index.graph().grown(capacity, arena);
        Metric metric = index.metric();
        RowScorer scorer = index.scorer() instanceof QuantizedScorer coded
                ? coded(copied, coded, arena)
                : new FloatScorer(copied.view(), metric);
        MutableHnswIndex copy = new MutableHnswIndex(
                index.parameters(),
                efConstruction,
                index.quantization(),
                index.calibration(),
                copied,
                graph,
                index.copies().grown(capacity),
                scorer,
                index.outside(),
                RowRules.codedNormMax(rows, rows.count(), metric, index.quantization()));
        copy.count = rows.count();
        copy.repaired = index.repaired();
        return copy;
    }

    /** Rows may come and go meanwhile: of those that this call finds, links are taken over. */
    @Override
    public HnswIndex carriedOver(DenseRows rows, int[] before, BuildThreads threads, BuildProgress progress)
            throws InterruptedException {
        return new HnswBuild(rows, metric, parameters, quantization, threads.workers(), progress)
                .carriedOver(state.graph(), state.copies(), before, calibration);
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
        return state.rows().shown();
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
        if (count == state.graph().capacity) {
            grow();
        }
        int row = count;
        MutableRows rows = state.rows();
        rows.set(row, vector, norm);
        boolean beside = norm > codedNormMax && outside.length < OUTSIDE_MAX;
        codedNormMax = norm > codedNormMax && !beside ? Float.POSITIVE_INFINITY : codedNormMax;
        if (!beside && state.scorer() instanceof QuantizedScorer scorer) {
            valuesCut += scorer.set(row, vector.clone(), norm, editor.scratch().chosen.row);
            valuesInserted += dimension;
        }
        int node = table.findOrAdd(rows.view(), row);
        if (node >= 0) {
            state.copies().add(node, row);
        } else if (beside) {
            outside = with(outside, row);
            state.search().outside(with(state.search().outside(), row));
        } else if (!editor.link(row)) {
            adopt(row);
        }
        count++;
        rows.show(count);
        if (needsOtherScales()) {
            rescale();
        } else if (count >= centredUntil) {
            editor = editor(editor.scratch());
        }
        return row;
    }

    private void grow() {
        State old = state;
        int capacity = Math.toIntExact(Math.min(Integer.MAX_VALUE - 64L, old.graph().capacity * 3L / 2));
        Arena arena = Arena.ofAuto();
        MutableRows rows = old.rows().grown(capacity, arena);
        RowScorer scorer = old.scorer() instanceof QuantizedScorer coded
                ? coded.grown(capacity, arena)
                : new FloatScorer(rows.view(), metric);
        show(rows, old.graph().grown(capacity, arena), old.copies().grown(capacity), scorer, scratch(capacity));
    }

    /** Lets searches see other memory from now on, with the same orphans. */
    private void show(MutableRows rows, Graph graph, Copies copies, RowScorer scorer, BuildScratch scratch) {
        state = state(rows, graph, copies, scorer, state.search().outside());
        editor = editor(scratch);
    }

    private boolean needsOtherScales() {
        if (quantization == Quantization.NONE) {
            return false;
        }
        return state.scorer() instanceof FloatScorer
                ? count - state.copies().count() >= CODED_ROWS_MIN
                : valuesInserted >= (long) CUT_ROWS_MIN * dimension && valuesCut * CUT_ONE_IN > valuesInserted;
    }

    /** Encodes all rows anew, on scales that fit them. */
    private void rescale() {
        State old = state;
        valuesCut = 0;
        valuesInserted = 0;
        QuantizedScorer scorer = QuantizedScorer.of(old.rows().view(), metric, codedNormMax, Arena.ofAuto());
        show(old.rows(), old.graph(), old.copies(), scorer, editor.scratch());
    }

    private static int[] with(int[] rows, int row) {
        int[] more = Arrays.copyOf(rows, rows.length + 1);
        more[rows.length] = row;
        return more;
    }

    /** Lets searches score a row that nothing leads to. */
    private void adopt(int row) {
        int[] orphans = with(state.search().outside(), row);
        state.search().outside(orphans);
        if (orphans.length - outside.length >= ORPHANS_MAX) {
            repaired += Connectivity.repair(state.graph(), editor.rule().nearness(), editor.scratch().search);
            state.search().outside(outside);
        }
    }

    @Override
    public Neighbors search(float[] query, SearchOptions options) {
        float queryNorm = DenseScan.checkQuery(query, metric, dimension);
        State now = state;
        MutableRows rows = now.rows();
        boolean all = options.filter().equals(OrdinalFilter.ALL);
        OrdinalFilter filter = rows.and(options.filter());
        SearchOptions scanning = options.withFilter(filter);
        int live = rows.shown();
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
        return HnswStats.of(state.graph(), state.scorer(), repaired);
    }
}
