package repscorer.ann.hnswlib;

import com.github.jelmerk.hnswlib.core.DistanceFunction;
import com.github.jelmerk.hnswlib.core.SearchResult;
import com.github.jelmerk.hnswlib.core.hnsw.HnswIndex;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import repscorer.ann.BuildProgress;
import repscorer.ann.BuildThreads;
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
import repscorer.vector.VectorOps;

/**
 * An HNSW graph of hnswlib-java over dense rows.
 *
 * <p>A search goes through the graph with a candidate list of {@code options.ef()}, scores the rows it found anew with {@link
 * DenseRows#score}, so that scores equal those of an exact scan, and answers the best. It scans every accepted row instead
 * where that is cheaper, and also where the graph brought too few: {@link SearchStats#plan()} says which. A least score that
 * fewer than k rows reach therefore costs a scan, because only a scan shows that there are no more.
 *
 * <p>The library draws the nodes' levels from a generator that cannot be seeded, so {@link HnswParameters#seed()} has no
 * effect and two builds of the same rows differ slightly.
 */
public final class HnswlibIndex implements DenseIndex {

    /*
     * What the library does, and what keeps it from the caller:
     * - its ef is a field that all searches share, and findNearest(q, k) searches with max(ef, k). The field stays at 1 and a
     *   search asks for k = its own ef, so that searches with different ef do not meet;
     * - it takes vectors as they are: under COSINE it gets normalised copies, and rows without a direction stay out;
     * - its capacity is fixed: it is built for exactly the rows there are, and a removed row's place, which it would never
     *   use again, does not arise, because nothing is removed;
     * - a search borrows one of as many scratch objects as there are processors. When all are lent it waits, and an
     *   interrupt makes it throw even if one is free: nearest() holds the interrupt back until the search is over;
     * - parallel insertion and pruning can leave nodes that no search reaches: too short an answer is replaced by a scan.
     */

    /**
     * A row met on a search lies behind six dependent loads and a lock. Measured with AnnBench on 200,000 × 128 (M = 16, one
     * thread), ef · M of the search takes as long as 16 to 20 rows in a run, or 12 that lie apart.
     */
    static final int MET_ROW_COST = 12;

    /** How often a build reports, about. */
    private static final int REPORTS = 100;

    private final DenseRows rows;
    private final Metric metric;
    private final int m;
    private final @Nullable HnswIndex<Integer, float[], RowItem, Float> graph; // null when no row can be reached
    private final int inGraph;

    private HnswlibIndex(
            DenseRows rows,
            Metric metric,
            int m,
            @Nullable HnswIndex<Integer, float[], RowItem, Float> graph,
            int inGraph) {
        this.rows = rows;
        this.metric = metric;
        this.m = m;
        this.graph = graph;
        this.inGraph = inGraph;
    }

    /**
     * Builds the graph on {@code threads} threads of {@code executor} and waits for it. About O(count · efConstruction · m
     * · dimension), and a copy of every row on the heap besides the graph.
     *
     * @param rows stay where they are and must outlive the index; exact searches read them
     * @param executor with at least one thread that is not the caller's
     * @param progress told about every hundredth of the rows; what it throws ends the build
     * @throws InterruptedException when interrupted or when the executor is shut down; the build is then abandoned
     */
    public static HnswlibIndex build(
            DenseRows rows,
            Metric metric,
            HnswParameters parameters,
            ExecutorService executor,
            int threads,
            BuildProgress progress)
            throws InterruptedException {
        BuildThreads pool = BuildThreads.of(executor, threads);
        int count = rows.count();
        if (count == 0) {
            return new HnswlibIndex(rows, metric, parameters.m(), null, 0);
        }
        HnswIndex<Integer, float[], RowItem, Float> graph = HnswIndex.newBuilder(
                        rows.dimension(), distance(metric), count)
                .withM(parameters.m())
                .withEfConstruction(parameters.efConstruction())
                .withEf(1)
                .build();
        AtomicInteger inGraph = new AtomicInteger();
        AtomicInteger done = new AtomicInteger();
        int reportEvery = Math.max(1, count / REPORTS);
        pool.workers().run(count, (ordinal, worker) -> {
            float[] vector = rows.row(ordinal);
            if (comparable(vector, metric, rows.norm(ordinal))) {
                graph.add(new RowItem(ordinal, vector));
                inGraph.incrementAndGet();
            }
            int doneNow = done.incrementAndGet();
            if (doneNow % reportEvery == 0 || doneNow == count) {
                progress.report(doneNow, count);
            }
        });
        return new HnswlibIndex(rows, metric, parameters.m(), inGraph.get() == 0 ? null : graph, inGraph.get());
    }

    /** Makes a row ready for the graph; false where its distances would be no numbers. */
    private static boolean comparable(float[] vector, Metric metric, float norm) {
        if (!Float.isFinite(norm) || (metric == Metric.COSINE && norm == 0)) {
            return false;
        }
        if (metric == Metric.COSINE) {
            normalise(vector, norm);
        }
        return true;
    }

    private static void normalise(float[] vector, float norm) {
        for (int i = 0; i < vector.length; i++) {
            vector[i] /= norm; // by division: 1 / norm is infinite for the least norms
        }
    }

    /** Lower is closer; over normalised vectors under COSINE. Monotone in the score, so a search needs no root. */
    private static DistanceFunction<float[], Float> distance(Metric metric) {
        return switch (metric) {
            case COSINE, INNER_PRODUCT -> (a, b) -> 1 - VectorOps.dot(a, b);
            case L2 -> VectorOps::squaredL2;
        };
    }

    @Override
    public String engine() {
        return "hnswlib";
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

    @Override
    public Neighbors search(float[] query, SearchOptions options) {
        float queryNorm = DenseScan.checkQuery(query, metric, rows.dimension());
        int accepted = options.filter().accepted(rows.count());
        SearchPlan plan = SearchPlan.of(options, accepted, rows.count(), inGraph, (long) m * MET_ROW_COST);
        if (plan.scans() || graph == null) {
            return DenseScan.search(rows, metric, query, queryNorm, options, Plan.EXACT);
        }
        return searchGraph(graph, query, queryNorm, options, plan.fetch());
    }

    /** Searches the graph whatever it costs; visible to the tests, whose rows are few enough for scans. */
    Neighbors searchGraph(float[] query, SearchOptions options, int fetch) {
        float queryNorm = DenseScan.checkQuery(query, metric, rows.dimension());
        if (graph == null) {
            throw new IllegalStateException("no row is in the graph");
        }
        return searchGraph(graph, query, queryNorm, options, Math.min(fetch, inGraph));
    }

    private Neighbors searchGraph(
            HnswIndex<Integer, float[], RowItem, Float> searched,
            float[] query,
            float queryNorm,
            SearchOptions options,
            int fetch) {
        float[] direction = query;
        if (metric == Metric.COSINE) {
            direction = query.clone();
            normalise(direction, queryNorm);
        }
        OrdinalFilter filter = options.filter();
        TopK best = new TopK(options.k());
        long scored = 0;
        for (SearchResult<RowItem, Float> found : nearest(searched, direction, fetch)) {
            int ordinal = found.item().id();
            if (filter.accepts(ordinal)) {
                float score = rows.score(metric, query, queryNorm, ordinal);
                scored++;
                if (score >= options.scoreMin()) {
                    best.offer(ordinal, score);
                }
            }
        }
        boolean filters = !filter.equals(OrdinalFilter.ALL);
        boolean foundAll = !filters && scored == rows.count();
        if (!best.isFull() && !foundAll) {
            return DenseScan.search(rows, metric, query, queryNorm, options, Plan.EXACT_AFTER_GRAPH);
        }
        Plan plan = filters ? Plan.GRAPH_OVER_FETCH : Plan.GRAPH;
        return best.drain(new SearchStats(plan, scored, fetch));
    }

    private static List<SearchResult<RowItem, Float>> nearest(
            HnswIndex<Integer, float[], RowItem, Float> graph, float[] direction, int fetch) {
        boolean interrupted = Thread.interrupted();
        try {
            while (true) {
                try {
                    return graph.findNearest(direction, fetch);
                } catch (RuntimeException e) {
                    if (!(e.getCause() instanceof InterruptedException)) {
                        throw e;
                    }
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
