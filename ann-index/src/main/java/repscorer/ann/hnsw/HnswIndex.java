package repscorer.ann.hnsw;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ExecutorService;
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
import repscorer.ann.SearchStats.End;
import repscorer.ann.SearchStats.Plan;
import repscorer.vector.ByteRows;
import repscorer.vector.DenseRows;
import repscorer.vector.HalfRows;
import repscorer.vector.Metric;

/**
 * Our HNSW graph over dense rows, searched over floats or over one byte a value.
 *
 * <p>A search is a beam search of the graph, scores the best it found anew with {@link DenseRows#score}, so that scores equal those of an
 * exact scan, and answers the best. {@code options.ef()} is its effort: how many rows it follows on average over queries,
 * more for hard ones and fewer for easy ones; or a recall target stands in its place. It scans every accepted row instead
 * where that is cheaper, and also where a filter left the graph's answer too short: {@link SearchStats#plan()} says which, and {@link
 * SearchStats#scored()} counts the rows compared on the way and those reranked.
 *
 * <p>Immutable; safe for concurrent searches, which do not wait for each other. A search is about O(ef · M · dimension) and
 * allocates its answer only, once as many searches ran as run at a time. All memory that grows with the rows is off the heap
 * and freed when the index becomes unreachable.
 */
public final class HnswIndex implements DenseIndex, LinkedRows {

    /*
     * Memory beside the float32 rows, a row: 2M links of four bytes; four bytes that say where its links above lie, and these
     * (M of four bytes for one row in M); its code under INT8 and, under L2 or where directions lie close together, four bytes; two bytes a value under INT8_FLOAT16. A
     * search at work adds a byte.
     *
     * Of rows that equal each other, value by value, the first alone is in the graph, and stands for all: Copies.
     *
     * Rows that float32 sums cannot compare (values near the ends of its range) stay out of the graph; every search
     * scores them one by one. Should there be many, or should the query be such a one, rows are scanned.
     *
     * Malkov, Yashunin: Efficient and robust approximate nearest neighbor search using Hierarchical Navigable Small World
     * graphs, 2016 (arXiv 1603.09320), IEEE TPAMI 2018.
     */

    /** The engine's name in configuration and metrics. */
    public static final String ENGINE = "hnsw";

    static final SearchStats NO_STATS = new SearchStats(Plan.EXACT, 0, 0);

    private final DenseRows rows;
    private final HnswParameters parameters;
    private final Quantization quantization;
    private final Graph graph;
    private final Copies copies;
    private final RowScorer scorer;
    private final @Nullable HalfRows halves;
    private final int inGraph;
    private final int[] outside;
    private final int repaired;
    private final Calibration calibration;
    private final GraphSearch search;

    HnswIndex(
            DenseRows rows,
            HnswParameters parameters,
            Quantization quantization,
            Graph graph,
            Copies copies,
            RowScorer scorer,
            @Nullable HalfRows halves,
            int inGraph,
            int[] outside,
            int repaired,
            Calibration calibration) {
        this.rows = rows;
        this.parameters = parameters;
        this.quantization = quantization;
        this.graph = graph;
        this.copies = copies;
        this.scorer = scorer;
        this.halves = halves;
        this.inGraph = inGraph;
        this.outside = outside;
        this.repaired = repaired;
        this.calibration = calibration;
        this.search = new GraphSearch(rows, graph, copies, scorer, reranker(), outside, calibration);
    }

    private @Nullable Reranker reranker() {
        return switch (quantization) {
            case NONE, INT8 -> Reranker.of(rows, scorer.metric);
            case INT8_ONLY -> null;
            case INT8_FLOAT16 -> Reranker.of(Objects.requireNonNull(halves));
        };
    }

    /** The same index with what was learnt about it. */
    HnswIndex calibrated(Calibration learnt) {
        return new HnswIndex(
                rows, parameters, quantization, graph, copies, scorer, halves, inGraph, outside, repaired, learnt);
    }

    /**
     * Builds the graph on {@code threads} threads of {@code executor} and waits for it. About O(count · efConstruction · m
     * · dimension). The same rows, parameters and codes give the same index, to the byte, on any number of threads.
     *
     * @param rows stay where they are and must outlive the index; searches read them
     * @param executor with at least one thread that is not the caller's
     * @param progress told after every 512 rows, by the caller's thread; what it throws ends the build
     * @throws IllegalArgumentException when a row holds a value that is not finite, or is zero under {@link Metric#COSINE};
     *     the message names it
     * @throws InterruptedException when interrupted or when the executor is shut down; the build is then abandoned
     */
    public static HnswIndex build(
            DenseRows rows,
            Metric metric,
            HnswParameters parameters,
            Quantization quantization,
            ExecutorService executor,
            int threads,
            BuildProgress progress)
            throws InterruptedException {
        return build(rows, metric, parameters, quantization, BuildThreads.of(executor, threads), progress);
    }

    /** The same by threads that may rest. */
    public static HnswIndex build(
            DenseRows rows,
            Metric metric,
            HnswParameters parameters,
            Quantization quantization,
            BuildThreads threads,
            BuildProgress progress)
            throws InterruptedException {
        return new HnswBuild(rows, metric, parameters, quantization, threads.workers(), progress).whole();
    }

    @Override
    public HnswIndex carriedOver(DenseRows other, int[] before, BuildThreads threads, BuildProgress progress)
            throws InterruptedException {
        return new HnswBuild(other, scorer.metric, parameters, quantization, threads.workers(), progress)
                .carriedOver(graph, copies, before, calibration);
    }

    /** The memory that an index over so many rows will take besides the float32 rows, right within a few percent. */
    public static long estimateBytes(
            int count, int dimension, Metric metric, HnswParameters parameters, Quantization quantization) {
        long codeBytes = quantization.in(dimension) == Quantization.NONE
                ? 0
                : ByteRows.bytes(count, dimension) + (metric == Metric.L2 ? 4L * count : 0) + 16L * dimension;
        long halfBytes = quantization.in(dimension) == Quantization.INT8_FLOAT16 ? HalfRows.bytes(count, dimension) : 0;
        return Graph.linkBytes(count, parameters.m()) + Graph.upperBytes(count, parameters.m()) + codeBytes + halfBytes;
    }

    /**
     * Reads an index that {@link #save} wrote. Takes about as long as reading the file.
     *
     * @param rows those it was built over
     * @throws IOException when the file cannot be read, is damaged (the message names the part), or belongs to other rows
     */
    public static HnswIndex open(Path file, DenseRows rows) throws IOException {
        return HnswFile.read(file, rows);
    }

    /**
     * Reads an index from a file's content, which is not referred to afterwards.
     *
     * @param file names the content in messages
     * @param rows those it was built over
     * @throws IOException when the content is damaged (the message names the part), or belongs to other rows
     */
    public static HnswIndex open(Path file, MemorySegment content, DenseRows rows) throws IOException {
        return HnswFile.read(file, content, rows);
    }

    /**
     * Writes everything but the float32 rows to a file, forced to the disk. The same index gives the same bytes.
     *
     * @throws IOException when the file exists or cannot be written
     */
    public void save(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            save(channel);
            channel.force(true);
        }
    }

    /** Writes the same bytes to a channel, from its position on. */
    public void save(WritableByteChannel channel) throws IOException {
        HnswFile.write(channel, this);
    }

    @Override
    public String engine() {
        return ENGINE;
    }

    @Override
    public Metric metric() {
        return scorer.metric;
    }

    @Override
    public int dimension() {
        return rows.dimension();
    }

    @Override
    public int count() {
        return rows.count();
    }

    public Quantization quantization() {
        return quantization;
    }

    public HnswParameters parameters() {
        return parameters;
    }

    /** What the codes cost, as measured when this was built. */
    public QuantizationLoss quantizationLoss() {
        return calibration.loss();
    }

    /**
     * The effort that finds {@code recallTarget} of the best {@code k} on average, by what sampled queries taught; empty where
     * none does.
     */
    public OptionalInt effortFor(int k, float recallTarget) {
        return calibration.ef(k, recallTarget);
    }

    /** The share of the best ten that a search of the default effort found of sampled queries; empty where none was tried. */
    public Optional<Double> recallLearnt() {
        return calibration.recallAt(SearchOptions.EF_DEFAULT);
    }

    @Override
    public Neighbors search(float[] query, SearchOptions options) {
        Metric metric = scorer.metric;
        float queryNorm = DenseScan.checkQuery(query, metric, rows.dimension());
        int ef = calibration.effort(options);
        int accepted = options.filter().accepted(rows.count());
        SearchPlan plan =
                SearchPlan.of(options, ef, accepted, rows.count(), inGraph, GraphSearch.searchCost(graph.m), true);
        if (ef == 0 || plan.scans() || !RowScorer.comparable(metric, queryNorm)) {
            return DenseScan.search(rows, metric, query, queryNorm, options, Plan.EXACT);
        }
        return run(query, queryNorm, options, plan, accepted);
    }

    /** Searches the graph whatever it costs; visible to the tests, whose rows are few enough for scans. */
    Neighbors searchGraph(float[] query, SearchOptions options, int ef) {
        return run(query, options, new SearchPlan(Math.min(ef, inGraph), false));
    }

    /** Runs a plan whatever it costs. */
    Neighbors run(float[] query, SearchOptions options, SearchPlan plan) {
        float queryNorm = DenseScan.checkQuery(query, scorer.metric, rows.dimension());
        if (inGraph == 0) {
            throw new IllegalStateException("no row is in the graph");
        }
        return run(query, queryNorm, options, plan, options.filter().accepted(rows.count()));
    }

    private Neighbors run(float[] query, float queryNorm, SearchOptions options, SearchPlan plan, int accepted) {
        Neighbors found = search.run(query, queryNorm, options, plan, accepted, rows.count(), OrdinalFilter.ALL);
        return found.stats().end() == End.EXHAUSTED && found.size() < Math.min(options.k(), accepted)
                ? DenseScan.search(rows, scorer.metric, query, queryNorm, options, Plan.EXACT_AFTER_GRAPH)
                : found;
    }

    /** Counts degrees and checks that every row can be reached. O(links). */
    public HnswStats stats() {
        HnswStats stats = HnswStats.of(graph, scorer, repaired);
        return halves == null ? stats : stats.withHalves(halves.values().byteSize());
    }

    Graph graph() {
        return graph;
    }

    Copies copies() {
        return copies;
    }

    RowScorer scorer() {
        return scorer;
    }

    @Nullable
    HalfRows halves() {
        return halves;
    }

    /** How many rows are linked: neither copies of others nor outside. */
    int inGraph() {
        return inGraph;
    }

    int[] outside() {
        return outside;
    }

    int repaired() {
        return repaired;
    }

    Calibration calibration() {
        return calibration;
    }

    DenseRows rows() {
        return rows;
    }
}
