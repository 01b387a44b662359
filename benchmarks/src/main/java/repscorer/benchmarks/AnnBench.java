package repscorer.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import repscorer.ann.BuildProgress;
import repscorer.ann.DenseIndex;
import repscorer.ann.HnswParameters;
import repscorer.ann.SearchOptions;
import repscorer.ann.exact.ExactIndex;
import repscorer.ann.hnsw.Codes;
import repscorer.ann.hnsw.HnswIndex;
import repscorer.ann.hnswlib.HnswlibIndex;
import repscorer.vector.DenseRows;
import repscorer.vector.Metric;
import repscorer.vector.VectorOps;
import tools.jackson.databind.json.JsonMapper;

/**
 * Recall against throughput of the dense engines: builds each over a file of vectors and searches a file of queries up a
 * ladder of ef, on one thread.
 *
 * <p>Throughput is queries per CPU second of the searching thread, so that others on the machine disturb it little; p50 and
 * p99 are wall time. Run with {@code --add-modules jdk.incubator.vector}.
 */
public final class AnnBench {

    /** Builds an engine with M = 16 and efConstruction = 200 where it has such. */
    private interface Builder {
        DenseIndex build(DenseRows rows, Metric metric, ExecutorService executor, int threads)
                throws InterruptedException;
    }

    /** How an engine is built, and whether ef means anything to it. */
    private record EngineKind(Builder builder, boolean hasEf) {}

    private static final Map<String, EngineKind> KINDS = kinds();

    /** The engines' names. */
    public static final Set<String> ENGINES = Set.copyOf(KINDS.keySet());

    private static final double[] RECALLS = {0.90, 0.95, 0.99};
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final AnnBenchOptions options;

    public AnnBench(AnnBenchOptions options) {
        this.options = options;
    }

    private static Map<String, EngineKind> kinds() {
        Map<String, EngineKind> kinds = new LinkedHashMap<>();
        kinds.put("exact", new EngineKind((rows, metric, executor, threads) -> new ExactIndex(rows, metric), false));
        kinds.put(
                "hnswlib",
                new EngineKind(
                        (rows, metric, executor, threads) -> HnswlibIndex.build(
                                rows, metric, HnswParameters.DEFAULT, executor, threads, BuildProgress.NONE),
                        true));
        kinds.put("hnsw", new EngineKind(hnsw(Codes.NONE), true));
        kinds.put("hnsw/int8", new EngineKind(hnsw(Codes.INT8), true));
        return kinds;
    }

    private static Builder hnsw(Codes codes) {
        return (rows, metric, executor, threads) ->
                HnswIndex.build(rows, metric, HnswParameters.DEFAULT, codes, executor, threads, BuildProgress.NONE);
    }

    /**
     * Measures, prints a table for each engine, and writes the JSON file where one was asked for.
     *
     * @throws IOException when a file cannot be read or written; the message names it and the record
     * @throws IllegalArgumentException when the files do not belong together
     */
    public AnnBenchResults run(PrintStream out) throws IOException, InterruptedException {
        float[][] queries = VectorFiles.vectors(options.queries(), Integer.MAX_VALUE);
        DenseRows rows = DenseRows.copyOf(VectorFiles.vectors(options.base(), options.rowsMax()));
        check(rows, queries);
        print(
                out,
                "%d rows of %d values, %d queries, %s, k = %d, kernels %s",
                rows.count(),
                rows.dimension(),
                queries.length,
                options.metric(),
                options.k(),
                VectorOps.implementation());
        int[][] truth = truth(rows, queries, out);
        List<AnnBenchResults.Engine> engines = new ArrayList<>();
        for (String engine : options.engines()) {
            engines.add(measure(engine, rows, queries, truth, out));
        }
        AnnBenchResults results = new AnnBenchResults(engines);
        Optional<Path> json = options.json();
        if (json.isPresent()) {
            new JsonMapper().writerWithDefaultPrettyPrinter().writeValue(json.get(), results);
        }
        return results;
    }

    private void check(DenseRows rows, float[][] queries) {
        if (rows.count() == 0 || queries.length == 0) {
            throw new IllegalArgumentException(
                    "no vectors in " + (rows.count() == 0 ? options.base() : options.queries()));
        }
        if (rows.dimension() != queries[0].length) {
            throw new IllegalArgumentException("dimension differs: %s has %d, %s has %d"
                    .formatted(options.base(), rows.dimension(), options.queries(), queries[0].length));
        }
        if (options.k() > rows.count()) {
            throw new IllegalArgumentException(
                    "k must be at most the number of rows, %d: %d".formatted(rows.count(), options.k()));
        }
    }

    private int[][] truth(DenseRows rows, float[][] queries, PrintStream out) throws IOException {
        int k = options.k();
        Optional<Path> file = options.truth();
        if (file.isEmpty() || options.rowsMax() <= rows.count()) {
            print(out, "true neighbours by a scan of every row");
            ExactIndex exact = new ExactIndex(rows, options.metric());
            int[][] truth = new int[queries.length][];
            Arrays.setAll(
                    truth, q -> exact.search(queries[q], SearchOptions.of(k)).ordinals());
            return truth;
        }
        int[][] truth = VectorFiles.ordinals(file.get(), Integer.MAX_VALUE);
        if (truth.length != queries.length) {
            throw new IllegalArgumentException("%s has %d records, %s has %d"
                    .formatted(file.get(), truth.length, options.queries(), queries.length));
        }
        for (int q = 0; q < truth.length; q++) {
            if (truth[q].length < k) {
                throw new IllegalArgumentException(
                        "%s: record %d has %d neighbours, k = %d".formatted(file.get(), q, truth[q].length, k));
            }
            for (int i = 0; i < k; i++) {
                if (truth[q][i] < 0 || truth[q][i] >= rows.count()) {
                    throw new IllegalArgumentException(
                            "%s: record %d names row %d of %d".formatted(file.get(), q, truth[q][i], rows.count()));
                }
            }
        }
        return truth;
    }

    private AnnBenchResults.Engine measure(
            String engine, DenseRows rows, float[][] queries, int[][] truth, PrintStream out)
            throws InterruptedException {
        EngineKind kind = KINDS.get(engine);
        if (kind == null) {
            throw new IllegalStateException("the options let an unknown engine pass: " + engine);
        }
        long heapBefore = heapInUse();
        long cpuBefore = processCpuNanos();
        long wallBefore = System.nanoTime();
        try (ExecutorService executor = Executors.newFixedThreadPool(options.threads());
                DenseIndex index = kind.builder().build(rows, options.metric(), executor, options.threads())) {
            double cpuSeconds = (processCpuNanos() - cpuBefore) / 1e9;
            double wallSeconds = (System.nanoTime() - wallBefore) / 1e9;
            double bytes = 4.0 * rows.dimension() + 4 + Math.max(0, heapInUse() - heapBefore) / (double) rows.count();
            print(
                    out,
                    "%n%s: built in %.1f CPU seconds (%.1f s on %d threads), %.0f bytes a vector",
                    engine,
                    cpuSeconds,
                    wallSeconds,
                    options.threads(),
                    bytes);
            List<AnnBenchResults.Point> curve = curve(index, kind.hasEf(), queries, truth, out);
            Map<String, Double> at = new TreeMap<>();
            for (double recall : RECALLS) {
                OptionalDouble qps = interpolate(curve, recall);
                if (qps.isPresent()) {
                    at.put(String.format(Locale.ROOT, "%.2f", recall), qps.getAsDouble());
                }
                print(out, "  at recall %.2f: %s", recall, qps.isPresent() ? Math.round(qps.getAsDouble()) : "never");
            }
            return new AnnBenchResults.Engine(engine, curve, at, cpuSeconds, bytes);
        }
    }

    private List<AnnBenchResults.Point> curve(
            DenseIndex index, boolean hasEf, float[][] queries, int[][] truth, PrintStream out) {
        print(out, "  %6s %10s %12s %10s %10s", "ef", "recall@" + options.k(), "qps (CPU)", "p50 us", "p99 us");
        List<Integer> efs = hasEf ? options.efs() : List.of(options.k());
        SearchOptions middle = SearchOptions.of(options.k()).withEf(efs.get(efs.size() / 2));
        warmUp(index, queries, middle, options.warmUpSeconds());
        List<AnnBenchResults.Point> curve = new ArrayList<>();
        for (int ef : efs) {
            SearchOptions search = SearchOptions.of(options.k()).withEf(ef);
            warmUp(index, queries, search, options.warmUpSeconds() / 5);
            AnnBenchResults.Point point = point(index, hasEf ? ef : 0, search, queries, truth);
            print(
                    out,
                    "  %6d %10.4f %12.0f %10.0f %10.0f",
                    point.ef(),
                    point.recall(),
                    point.qps(),
                    point.p50Micros(),
                    point.p99Micros());
            curve.add(point);
        }
        return curve;
    }

    private static void warmUp(DenseIndex index, float[][] queries, SearchOptions search, double seconds) {
        long end = System.nanoTime() + (long) (seconds * 1e9);
        for (int q = 0; System.nanoTime() < end; q = (q + 1) % queries.length) {
            index.search(queries[q], search);
        }
    }

    /** Whole passes over the queries until the time is up; the throughput is that of the median pass. */
    private AnnBenchResults.Point point(
            DenseIndex index, int ef, SearchOptions search, float[][] queries, int[][] truth) {
        long end = System.nanoTime() + (long) (options.measureSeconds() * 1e9);
        List<Double> passQps = new ArrayList<>();
        List<long[]> passNanos = new ArrayList<>();
        int hits = 0;
        do {
            long[] nanos = new long[queries.length];
            int[][] found = new int[queries.length][];
            long cpuBefore = THREADS.getCurrentThreadCpuTime();
            for (int q = 0; q < queries.length; q++) {
                long before = System.nanoTime();
                found[q] = index.search(queries[q], search).ordinals();
                nanos[q] = System.nanoTime() - before;
            }
            passQps.add(queries.length * 1e9 / Math.max(1, THREADS.getCurrentThreadCpuTime() - cpuBefore));
            passNanos.add(nanos);
            hits = passNanos.size() == 1 ? hits(found, truth, options.k()) : hits;
        } while (System.nanoTime() < end);
        passQps.sort(null);
        long[] nanos = passNanos.stream().flatMapToLong(Arrays::stream).sorted().toArray();
        return new AnnBenchResults.Point(
                ef,
                (double) hits / ((long) queries.length * options.k()),
                passQps.get(passQps.size() / 2),
                nanos[nanos.length / 2] / 1e3,
                nanos[(int) (nanos.length * 99L / 100)] / 1e3);
    }

    static int hits(int[][] found, int[][] truth, int k) {
        int hits = 0;
        for (int q = 0; q < found.length; q++) {
            Set<Integer> wanted = new TreeSet<>();
            for (int i = 0; i < Math.min(k, truth[q].length); i++) {
                wanted.add(truth[q][i]);
            }
            for (int ordinal : found[q]) {
                if (wanted.contains(ordinal)) {
                    hits++;
                }
            }
        }
        return hits;
    }

    /**
     * The throughput where the curve first reaches a recall, on a straight line between the logarithms of its neighbours'
     * throughputs. Where the first point is past it already, that point's own, which is then too low.
     */
    static OptionalDouble interpolate(List<AnnBenchResults.Point> curve, double recall) {
        for (int i = 0; i < curve.size(); i++) {
            AnnBenchResults.Point point = curve.get(i);
            if (point.recall() >= recall) {
                if (i == 0) {
                    return OptionalDouble.of(point.qps());
                }
                AnnBenchResults.Point before = curve.get(i - 1);
                double part = (recall - before.recall()) / (point.recall() - before.recall());
                return OptionalDouble.of(Math.exp(Math.log(before.qps()) * (1 - part) + Math.log(point.qps()) * part));
            }
        }
        return OptionalDouble.empty();
    }

    private static long heapInUse() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static long processCpuNanos() {
        return ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class)
                .getProcessCpuTime();
    }

    @SuppressWarnings("AnnotateFormatMethod") // private, and every format is a literal a few lines away
    private static void print(PrintStream out, String format, Object... values) {
        out.println(String.format(Locale.ROOT, format, values));
    }
}
