package repscorer.ann.hnsw;

import java.lang.foreign.Arena;
import java.lang.invoke.VarHandle;
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
     * Lists are rewritten in place: a search that reads one meanwhile sees links of before and after, all to rows that are
     * written. What must not happen is that it reaches a slot whose row is being replaced. So a deleted row stays as it is, a
     * stepping stone, until a batch of them is unlinked: each list that leads to one gets links in its place
     * from those that the deleted ones led to (after FreshDiskANN: Singh et al., 2021, arXiv 2105.09613, algorithm 4). Then the
     * slots wait until every search that began before has ended (Readers).
     *
     * A new row that no list has room for, because all rows around it are closer to each other, is an orphan: searches score
     * it beside the walk until enough of them are there to be worth a pass that makes every row reachable.
     *
     * Growing copies everything to larger memory; searches at work end on the old.
     */

    private static final int CAPACITY_MIN = 1024;

    /** Deleted rows are unlinked when there are this many, or one in so many of all, whichever is more. */
    private static final int REPAIR_MIN = 64;

    private static final int REPAIR_ONE_IN = 500;

    /** So many rows that nothing leads to are scored beside each walk at most. */
    private static final int ORPHANS_MAX = 64;

    /** The scales of codes need so many rows to be set; until then the walk compares floats. */
    private static final int CODED_ROWS_MIN = 1000;

    /** Codes are made anew, on other scales, when one value in so many inserted was cut off. */
    private static final int CUT_ONE_IN = 100;

    /** What one search sees. */
    private record State(Slots slots, Graph graph, Points points, GraphSearch search) {

        static State of(Slots slots, Graph graph, Points points, Tuning tuning, boolean rescores, int[] orphans) {
            return new State(
                    slots,
                    graph,
                    points,
                    new GraphSearch(
                            slots.rows(),
                            graph,
                            points,
                            rescores ? RowScores.of(slots.rows(), points.metric) : null,
                            orphans,
                            tuning));
        }
    }

    private final Metric metric;
    private final HnswParameters parameters;
    private final int efConstruction;
    private final Codes codes;
    private final int dimension;
    private final Tuning tuning;
    private final Readers readers = new Readers();

    private volatile State state;

    /* Guarded by this. */
    private BuildScratch scratch;
    private int[] candidates;
    private int used;
    private int inGraph;
    private int repaired;
    private long valuesInserted;
    private long valuesCut;

    /** Deleted rows that are still linked. */
    private final ArrayDeque<Integer> deleted = new ArrayDeque<>();

    /** Slots that were unlinked, oldest first, and when. */
    private final ArrayDeque<Retired> retired = new ArrayDeque<>();

    private record Retired(int slot, long date) {}

    private MutableHnswIndex(
            Metric metric,
            HnswParameters parameters,
            int efConstruction,
            Codes codes,
            int dimension,
            Tuning tuning,
            State state) {
        this.metric = metric;
        this.parameters = parameters;
        this.efConstruction = efConstruction;
        this.codes = codes;
        this.dimension = dimension;
        this.tuning = tuning;
        this.state = state;
        this.scratch = scratch(state.graph().capacity);
        this.candidates = new int[2 * parameters.m()];
    }

    /** An index without rows. */
    public static MutableHnswIndex empty(int dimension, Metric metric, HnswParameters parameters, Codes codes) {
        Arena arena = Arena.ofAuto();
        Slots slots = Slots.empty(CAPACITY_MIN, dimension, arena);
        Graph graph = Graph.empty(parameters.m(), CAPACITY_MIN, parameters.seed(), arena);
        State state = State.of(
                slots, graph, new FloatPoints(slots.rows(), metric), Tuning.NONE, codes.rescores(), new int[0]);
        return new MutableHnswIndex(
                metric, parameters, parameters.efConstruction(), codes.in(dimension), dimension, Tuning.NONE, state);
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
        Slots slots = Slots.empty(capacity, rows.dimension(), arena);
        float[] values = new float[rows.dimension()];
        for (int row = 0; row < rows.count(); row++) {
            rows.copyRow(row, values);
            slots.set(row, values, rows.norm(row));
            slots.show(row);
        }
        Graph graph = index.graph().grown(capacity, arena);
        Metric metric = index.metric();
        Points points = index.points() instanceof BytePoints coded
                ? coded(slots, coded.middle(), coded.step(), metric, arena)
                : new FloatPoints(slots.rows(), metric);
        State state =
                State.of(slots, graph, points, index.tuning(), index.codes().rescores(), new int[0]);
        MutableHnswIndex copy = new MutableHnswIndex(
                metric, index.parameters(), efConstruction, index.codes(), rows.dimension(), index.tuning(), state);
        copy.used = rows.count();
        copy.inGraph = rows.count();
        copy.repaired = index.repaired();
        return copy;
    }

    /** Rows may come and go meanwhile: of those that this call finds, links are taken over. */
    @Override
    public HnswIndex carriedOver(DenseRows rows, int[] before, BuildThreads threads, BuildProgress progress)
            throws InterruptedException {
        return new HnswBuild(rows, metric, parameters, codes, threads.workers(), progress)
                .carriedOver(state.graph(), before, tuning);
    }

    private static BytePoints coded(Slots slots, float[] middle, float[] step, Metric metric, Arena arena) {
        BytePoints points = BytePoints.empty(slots.capacity(), metric, middle, step, arena);
        float[] values = new float[step.length];
        byte[] code = new byte[step.length];
        for (int row = 0; row < slots.capacity(); row++) {
            if (slots.rows().norm(row) > 0 || metric != Metric.COSINE) {
                slots.rows().copyRow(row, values);
                points.set(row, values, slots.rows().norm(row), code);
            }
        }
        return points;
    }

    private BuildScratch scratch(int capacity) {
        return new BuildScratch(capacity, dimension, Math.max(4 * parameters.m(), efConstruction), parameters.m());
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
        return state.slots().liveCount();
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
        if (!Points.walkable(metric, norm)) {
            throw new IllegalArgumentException("the vector's norm is out of what float32 sums can compare: " + norm);
        }
        int slot = freeSlot();
        Slots slots = state.slots();
        slots.set(slot, vector, norm);
        if (state.points() instanceof BytePoints points) {
            valuesCut += points.set(slot, vector.clone(), norm, scratch.chosen.row);
            valuesInserted += dimension;
        }
        link(slot);
        slots.show(slot);
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
        state.slots().hide(ordinal);
        deleted.add(ordinal);
        if (deleted.size() >= Math.max(REPAIR_MIN, inGraph / REPAIR_ONE_IN)) {
            repair();
        }
    }

    private void checkLive(int ordinal) {
        if (ordinal < 0 || ordinal >= used || !state.slots().accepts(ordinal)) {
            throw new IndexOutOfBoundsException("no row has the ordinal " + ordinal);
        }
    }

    /** A slot that no search can see. */
    private int freeSlot() {
        Retired oldest = retired.peek();
        if (oldest != null && oldest.date() < readers.oldest()) {
            retired.remove();
            return oldest.slot();
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
        Slots slots = old.slots().grown(capacity, arena);
        Points points = old.points() instanceof BytePoints coded
                ? coded.grown(capacity, arena)
                : new FloatPoints(slots.rows(), metric);
        scratch = scratch(capacity);
        state = State.of(
                slots,
                old.graph().grown(capacity, arena),
                points,
                tuning,
                codes.rescores(),
                old.search().outside());
    }

    private boolean needsOtherScales() {
        if (codes == Codes.NONE) {
            return false;
        }
        return state.points() instanceof FloatPoints
                ? inGraph >= CODED_ROWS_MIN
                : valuesInserted >= (long) CODED_ROWS_MIN * dimension && valuesCut * CUT_ONE_IN > valuesInserted;
    }

    /** Encodes all rows anew, on scales that fit them. */
    private void rescale() {
        State old = state;
        valuesCut = 0;
        valuesInserted = 0;
        state = State.of(
                old.slots(),
                old.graph(),
                BytePoints.of(old.slots().rows(), metric, Arena.ofAuto()),
                tuning,
                codes.rescores(),
                old.search().outside());
    }

    private void link(int row) {
        Graph graph = state.graph();
        Points points = state.points();
        Scratch walk = scratch.walk;
        int own = graph.level(row);
        long start = graph.start();
        int top = Graph.top(start);
        points.prepareRow(walk.query, row);
        int at = top < 0 ? Graph.NONE : Walk.descend(graph, points, walk, own);
        int[][] chosen = new int[own + 1][0];
        for (int level = Math.min(own, top); level >= 0; level--) {
            Walk.search(graph, points, walk, level, at, efConstruction);
            at = walk.pool.ordinal(0);
            int n = 0;
            for (int i = 0; i < walk.pool.size(); i++) {
                if (state.slots().accepts(walk.pool.ordinal(i))) {
                    scratch.ids[n] = walk.pool.ordinal(i);
                    scratch.scores[n++] = walk.pool.score(i);
                }
            }
            chosen[level] = Arrays.copyOf(scratch.ids, scratch.choose(points, n, graph.m));
        }
        for (int level = own; level >= 0; level--) {
            graph.setList(level, row, chosen[level], chosen[level].length);
        }
        VarHandle.releaseFence(); // the row and its lists come before the links to it
        boolean linked = own > top; // then it is the entry
        for (int level = own; level >= 0; level--) {
            for (int near : chosen[level]) {
                linked |= linkBack(graph, points, level, near, row) && level == 0;
            }
        }
        if (own > top) {
            graph.enter(row);
        }
        if (!linked) {
            adopt(row);
        }
    }

    private void adopt(int row) {
        int[] before = state.search().outside();
        int[] orphans = Arrays.copyOf(before, before.length + 1);
        orphans[before.length] = row;
        state.search().outside(orphans);
        if (orphans.length >= ORPHANS_MAX) {
            mend();
        }
    }

    private void mend() {
        repaired += Reach.repair(state.graph(), state.points(), scratch.walk);
        state.search().outside(new int[0]);
    }

    /** Answers whether the owner's list leads to the row now. */
    private boolean linkBack(Graph graph, Points points, int level, int owner, int row) {
        int places = graph.places(level);
        int degree = graph.copyList(level, owner, scratch.ids);
        if (degree < places) {
            graph.setLink(level, owner, degree, row);
            return true;
        }
        scratch.ids[degree] = row;
        points.prepareRow(scratch.walk.query, owner);
        points.score(scratch.walk.query, scratch.ids, degree + 1, scratch.scores);
        scratch.sort(degree + 1);
        int links = scratch.choose(points, degree + 1, places);
        graph.setList(level, owner, scratch.ids, links);
        for (int i = 0; i < links; i++) {
            if (scratch.ids[i] == row) {
                return true;
            }
        }
        return false;
    }

    /**
     * Unlinks all deleted rows, links their neighbours anew, and makes every row reachable. Runs by itself when a batch of
     * rows is deleted; O(links) and about a millisecond more for each deleted row. Their slots are used again as soon as the
     * searches at work have ended.
     */
    public synchronized void repair() {
        if (deleted.isEmpty()) {
            mend();
            return;
        }
        State now = state;
        Graph graph = now.graph();
        int top = Graph.top(graph.start());
        for (int row = 0; row < used; row++) {
            if (graph.holds(row) && now.slots().accepts(row)) {
                for (int level = Math.min(graph.level(row), top); level >= 0; level--) {
                    relink(now, level, row);
                }
            }
        }
        if (!now.slots().accepts(graph.entry())) {
            graph.enter(highest(now));
        }
        for (int row : deleted) {
            for (int level = graph.level(row); level > 0; level--) {
                graph.setList(level, row, candidates, 0);
            }
            graph.setList(0, row, candidates, 0);
            graph.remove(row);
        }
        inGraph -= deleted.size();
        mend();
        long date = readers.retire();
        for (int row : deleted) {
            retired.add(new Retired(row, date));
        }
        deleted.clear();
    }

    /** Gives a list that leads to deleted rows, in their places, the best of those that these led to. */
    private void relink(State now, int level, int row) {
        Graph graph = now.graph();
        Slots live = now.slots();
        int degree = graph.copyList(level, row, candidates);
        scratch.walk.forgetMet();
        scratch.walk.meet(row);
        int kept = 0;
        int gone = degree;
        for (int i = 0; i < gone; ) {
            int near = candidates[i];
            if (live.accepts(near)) {
                scratch.walk.meet(near);
                kept = ++i;
            } else {
                candidates[i] = candidates[--gone];
                candidates[gone] = near;
            }
        }
        if (kept == degree) {
            return;
        }
        scratch.reserve(kept + degree * graph.places(level));
        System.arraycopy(candidates, 0, scratch.ids, 0, kept);
        int n = kept;
        for (int i = kept; i < degree; i++) {
            for (int place = 0, reach = graph.degree(level, candidates[i]); place < reach; place++) {
                int beyond = graph.link(level, candidates[i], place);
                if (live.accepts(beyond) && scratch.walk.meet(beyond)) {
                    scratch.ids[n++] = beyond;
                }
            }
        }
        Points points = now.points();
        points.prepareRow(scratch.walk.query, row);
        points.score(scratch.walk.query, scratch.ids, n, scratch.scores);
        scratch.sort(n);
        graph.setList(level, row, scratch.ids, scratch.chooseAtLeast(points, n, degree));
    }

    private int highest(State now) {
        int highest = Graph.NONE;
        int level = Graph.NONE;
        for (int row = 0; row < used; row++) {
            if (now.slots().accepts(row)
                    && now.graph().holds(row)
                    && now.graph().level(row) > level) {
                highest = row;
                level = now.graph().level(row);
            }
        }
        return highest;
    }

    @Override
    public Neighbors search(float[] query, SearchOptions options) {
        float queryNorm = DenseScan.checkQuery(query, metric, dimension);
        int place = readers.enter();
        try {
            return search(state, query, queryNorm, options);
        } finally {
            readers.leave(place);
        }
    }

    private Neighbors search(State now, float[] query, float queryNorm, SearchOptions options) {
        Slots slots = now.slots();
        boolean all = options.filter().equals(OrdinalFilter.ALL);
        OrdinalFilter filter = slots.and(options.filter());
        SearchOptions scanning = options.withFilter(filter);
        int live = slots.liveCount();
        int accepted = all ? live : filter.accepted(slots.capacity());
        int ef = tuning.effort(options);
        SearchPlan plan = SearchPlan.of(options, ef, accepted, live, live, GraphSearch.walkCost(now.graph().m), true);
        if (ef == 0 || plan.scans() || now.graph().entry() < 0 || !Points.walkable(metric, queryNorm)) {
            return DenseScan.search(slots.rows(), metric, query, queryNorm, scanning, Plan.EXACT);
        }
        SearchOptions walking = all ? options : scanning;
        Neighbors found = now.search().run(query, queryNorm, walking, plan, accepted, live, slots);
        return found.stats().end() == End.EXHAUSTED && found.size() < Math.min(options.k(), accepted)
                ? DenseScan.search(slots.rows(), metric, query, queryNorm, scanning, Plan.EXACT_AFTER_GRAPH)
                : found;
    }

    /** Counts degrees and checks that every row can be reached. O(links). */
    public synchronized HnswStats stats() {
        return HnswStats.of(state.graph(), state.points(), deleted.size(), repaired);
    }

    /** How many slots there are, used and free. */
    public synchronized int slots() {
        return used;
    }
}
