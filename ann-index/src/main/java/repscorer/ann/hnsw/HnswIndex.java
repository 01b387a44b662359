package repscorer.ann.hnsw;

import java.util.Arrays;
import java.util.concurrent.ExecutorService;
import repscorer.ann.BuildProgress;
import repscorer.ann.DenseIndex;
import repscorer.ann.DenseScan;
import repscorer.ann.HnswParameters;
import repscorer.ann.Neighbors;
import repscorer.ann.OrdinalFilter;
import repscorer.ann.SearchOptions;
import repscorer.ann.SearchPlan;
import repscorer.ann.SearchStats;
import repscorer.ann.SearchStats.Plan;
import repscorer.ann.TopK;
import repscorer.vector.DenseRows;
import repscorer.vector.Metric;

/**
 * Our HNSW graph over dense rows, walked over floats or over one byte a value.
 *
 * <p>A search walks the graph with a candidate list of {@code options.ef()}, scores the best it found anew with {@link
 * DenseRows#score}, so that scores equal those of an exact scan, and answers the best. It scans every accepted row instead
 * where that is cheaper, and also where the walk brought too few: {@link SearchStats#plan()} says which, and {@link
 * SearchStats#scored()} counts the rows compared on the walk and those scored anew. A least score that
 * fewer than k rows reach therefore costs a scan, because only a scan shows that there are no more.
 *
 * <p>Immutable; safe for concurrent searches, which do not wait for each other. A walk is about O(ef · M · dimension) and
 * allocates its answer only, once as many searches ran as run at a time.
 */
public final class HnswIndex implements DenseIndex {

    /*
     * Memory beside the float32 rows, a row: 2M links of four bytes; four bytes that say where its links above lie, and these
     * (M of four bytes for one row in M); its code under INT8 and, under L2, four bytes. A search at work adds a byte.
     *
     * Rows that float32 sums cannot compare (values near the ends of its range) stay out of the graph; every walk
     * scores them one by one. Should there be many, or should the query be such a one, rows are scanned. Zero rows have no
     * direction: under COSINE they stay out and never rank.
     *
     * Malkov, Yashunin: Efficient and robust approximate nearest neighbor search using Hierarchical Navigable Small World
     * graphs, 2016 (arXiv 1603.09320), IEEE TPAMI 2018.
     */

    /** How many scanned rows one row met on a walk costs, of which ef · M are met. */
    static final int WALKED_ROW_COST = 2;

    private static final int OUTSIDE_MAX = 256;

    /** In fewer dimensions too many rows share a code for a walk to tell them apart, and codes would save next to nothing. */
    private static final int CODED_DIMENSION_MIN = 8;

    /* The order of the best rows is that of their codes only roughly: so many more are scored anew. */
    private static final int RESCORED_MIN = 30;
    private static final int RESCORED_PER_K = 3;
    private static final int RESCORED_MORE = 8;

    private final DenseRows rows;
    private final Metric metric;
    private final Codes codes;
    private final Graph graph;
    private final Points points;
    private final int[] members;
    private final int[] outside;
    private final int repaired;
    private final ScratchPool scratches;

    private HnswIndex(
            DenseRows rows,
            Metric metric,
            Codes codes,
            Graph graph,
            Points points,
            int[] members,
            int[] outside,
            int repaired) {
        this.rows = rows;
        this.metric = metric;
        this.codes = codes;
        this.graph = graph;
        this.points = points;
        this.members = members;
        this.outside = outside;
        this.repaired = repaired;
        this.scratches = new ScratchPool(rows.count(), rows.dimension(), 2 * graph.m);
    }

    /**
     * Builds the graph on {@code threads} threads of {@code executor} and waits for it. About O(count · efConstruction · m
     * · dimension). The same rows, parameters and codes give the same graph on any number of threads.
     *
     * @param rows stay where they are and must outlive the index; searches read them
     * @param executor with at least one thread that is not the caller's
     * @param progress told after every 512 rows, by the caller's thread; what it throws ends the build
     * @throws IllegalArgumentException when there are too many rows for one block of memory
     * @throws InterruptedException when interrupted or when the executor is shut down; the build is then abandoned
     */
    public static HnswIndex build(
            DenseRows rows,
            Metric metric,
            HnswParameters parameters,
            Codes codes,
            ExecutorService executor,
            int threads,
            BuildProgress progress)
            throws InterruptedException {
        int count = rows.count();
        int[] members = new int[count];
        int[] outside = new int[count];
        int inGraph = 0;
        int left = 0;
        for (int row = 0; row < count; row++) {
            float norm = rows.norm(row);
            if (Points.walkable(metric, norm)) {
                members[inGraph++] = row;
            } else if (metric != Metric.COSINE || norm != 0) {
                outside[left++] = row;
            }
        }
        members = Arrays.copyOf(members, left > OUTSIDE_MAX ? 0 : inGraph);
        outside = Arrays.copyOf(outside, left);
        Codes used = rows.dimension() < CODED_DIMENSION_MIN ? Codes.NONE : codes;
        Points points = switch (used) {
            case NONE -> new FloatPoints(rows, metric);
            case INT8 -> BytePoints.of(rows, metric);
        };
        Graph graph = HnswBuilder.build(rows, points, members, parameters, executor, threads, progress);
        Scratch scratch = new Scratch(count, rows.dimension(), 2 * graph.m);
        int repaired = Reach.repair(graph, members, points, scratch);
        Points searched = points instanceof BytePoints bytes ? bytes.forSearch() : points;
        return new HnswIndex(rows, metric, used, graph, searched, members, outside, repaired);
    }

    @Override
    public String engine() {
        return "hnsw";
    }

    @Override
    public Metric metric() {
        return metric;
    }

    @Override
    public int dimension() {
        return rows.dimension();
    }

    @Override
    public int count() {
        return rows.count();
    }

    public Codes codes() {
        return codes;
    }

    @Override
    public Neighbors search(float[] query, SearchOptions options) {
        float queryNorm = DenseScan.checkQuery(query, metric, rows.dimension());
        int accepted = options.filter().accepted(rows.count());
        SearchPlan plan =
                SearchPlan.of(options, accepted, rows.count(), members.length, (long) graph.m * WALKED_ROW_COST);
        if (plan.scans() || !Points.walkable(metric, queryNorm)) {
            return DenseScan.search(rows, metric, query, queryNorm, options, Plan.EXACT);
        }
        return walk(query, queryNorm, options, plan.fetch());
    }

    /** Walks the graph whatever it costs; visible to the tests, whose rows are few enough for scans. */
    Neighbors walk(float[] query, SearchOptions options, int fetch) {
        float queryNorm = DenseScan.checkQuery(query, metric, rows.dimension());
        if (members.length == 0) {
            throw new IllegalStateException("no row is in the graph");
        }
        return walk(query, queryNorm, options, Math.min(fetch, members.length));
    }

    private Neighbors walk(float[] query, float queryNorm, SearchOptions options, int fetch) {
        boolean filters = !options.filter().equals(OrdinalFilter.ALL);
        Scratch scratch = scratches.borrow();
        points.prepare(scratch.query, query, queryNorm);
        scratch.compared = 0;
        int start = Walk.descend(graph, points, scratch, 0);
        Walk.search(graph, points, scratch, 0, start, fetch);
        TopK best = scratch.best;
        best.reset(Math.min(options.k(), rows.count()));
        long scored = rescore(scratch, query, queryNorm, options);
        boolean enough = best.isFull() || (scored == rows.count() && !filters);
        Plan plan = filters ? Plan.GRAPH_OVER_FETCH : Plan.GRAPH;
        Neighbors found = best.drain(new SearchStats(plan, scratch.compared + scored, fetch));
        scratches.giveBack(scratch); // not after an exception: what it holds then is anybody's guess
        return enough ? found : DenseScan.search(rows, metric, query, queryNorm, options, Plan.EXACT_AFTER_GRAPH);
    }

    /** Scores the best accepted rows of the pool, and all rows outside the graph, as a scan does; answers how many. */
    private long rescore(Scratch scratch, float[] query, float queryNorm, SearchOptions options) {
        OrdinalFilter filter = options.filter();
        Pool pool = scratch.pool;
        int n = 0;
        int max = (int) Math.min(pool.size(), rescoredMax(options.k()));
        scratch.reserve(max);
        for (int place = 0; place < pool.size() && n < max; place++) {
            int ordinal = pool.ordinal(place);
            if (filter.accepts(ordinal)) {
                scratch.ids[n++] = ordinal;
            }
        }
        scratch.touched += rows.touch(scratch.ids, n);
        long scored = n;
        for (int i = 0; i < n; i++) {
            offer(scratch, query, queryNorm, scratch.ids[i], options.scoreMin());
        }
        for (int ordinal : outside) {
            if (filter.accepts(ordinal)) {
                offer(scratch, query, queryNorm, ordinal, options.scoreMin());
                scored++;
            }
        }
        return scored;
    }

    private long rescoredMax(int k) {
        return switch (codes) {
            case NONE -> (long) k + RESCORED_MORE;
            case INT8 -> Math.max(RESCORED_MIN, (long) k * RESCORED_PER_K);
        };
    }

    private void offer(Scratch scratch, float[] query, float queryNorm, int ordinal, float scoreMin) {
        float score = rows.score(metric, query, queryNorm, ordinal);
        if (score >= scoreMin) {
            scratch.best.offer(ordinal, score);
        }
    }

    /** Counts degrees and checks that every row can be reached. O(links). */
    public HnswStats stats() {
        int least = members.length == 0 ? 0 : Integer.MAX_VALUE;
        int most = 0;
        long sum = 0;
        for (int row : members) {
            int degree = graph.degree(0, row);
            least = Math.min(least, degree);
            most = Math.max(most, degree);
            sum += degree;
        }
        return new HnswStats(
                members.length,
                graph.top + 1,
                least,
                members.length == 0 ? 0 : (double) sum / members.length,
                most,
                Reach.unreachable(graph, members),
                repaired,
                4L * graph.links.length,
                4L * (graph.upper.length + graph.upperAt.length),
                points.bytes());
    }

    /** Visible to the tests, which compare graphs link by link. */
    Graph graph() {
        return graph;
    }
}
