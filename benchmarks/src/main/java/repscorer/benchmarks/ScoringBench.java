package repscorer.benchmarks;

import com.sun.management.ThreadMXBean;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import repscorer.ann.HnswParameters;
import repscorer.benchmarks.engines.LucenePairs;
import repscorer.core.Scorer;
import repscorer.core.embedding.DenseSpace;
import repscorer.core.embedding.EmbeddingFile;
import repscorer.core.embedding.EmbeddingFileWriter;
import repscorer.core.embedding.EmbeddingSource;
import repscorer.core.embedding.Space;
import repscorer.core.embedding.SparseSpace;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.core.experiment.Assigner;
import repscorer.core.pair.ListScorer;
import repscorer.core.plan.Comparison;
import repscorer.core.query.ScoreQuery;
import repscorer.core.query.Source;
import repscorer.core.request.StageListener;
import repscorer.core.similarity.Similarity;
import repscorer.core.store.PublicationListener;
import repscorer.core.store.RepresentationStore;
import repscorer.core.store.StoreOptions;
import repscorer.vector.Metric;
import repscorer.vector.SparseVector;
import repscorer.vector.VectorOps;

/**
 * How many pairs a CPU second scores: lists of a thousand candidates through the {@link Scorer}, on one thread, beside
 * Lucene's vector utilities and plain loops over the same rows. Rows are drawn by chance from a table larger than the caches,
 * as candidates are. Run with {@code --add-modules jdk.incubator.vector}.
 */
public final class ScoringBench {

    private static final EntityKind ITEM = new EntityKind("item");
    private static final String DENSE = "bench-dense";
    private static final String SPARSE = "bench-sparse";
    private static final String RELEASE = "bench";
    private static final int LIST = 1_000;
    private static final int LISTS = 64;
    private static final int CLUSTERS = 10_000;
    private static final double PAIRS_MIN = 5e6;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final int rows;
    private final int dimension;
    private final int entries;
    private final double seconds;

    private final float[][] dense;
    private final SparseVector[] sparse;
    private final List<EntityId> ids = new ArrayList<>();
    private final int[][] lists = new int[LISTS][LIST];
    private final int[] sources = new int[LISTS];

    /**
     * @param rows of each space
     * @param dimension of the dense rows
     * @param entries of each sparse row
     * @param seconds of CPU time to warm each method up, and again to measure it
     */
    public ScoringBench(int rows, int dimension, int entries, double seconds) {
        if (rows < LIST || dimension < 1 || entries < 1 || entries > CLUSTERS / 2 || !(seconds > 0)) {
            throw new IllegalArgumentException(
                    "rows must be at least %s, dimension and seconds above 0, entries 1 to %s: %s, %s, %s, %s"
                            .formatted(LIST, CLUSTERS / 2, rows, dimension, seconds, entries));
        }
        this.rows = rows;
        this.dimension = dimension;
        this.entries = entries;
        this.seconds = seconds;
        SplittableRandom random = new SplittableRandom(1);
        this.dense = new float[rows][dimension];
        this.sparse = new SparseVector[rows];
        for (int row = 0; row < rows; row++) {
            ids.add(EntityId.of(ITEM, row));
            for (int i = 0; i < dimension; i++) {
                dense[row][i] = (float) (random.nextDouble() - 0.5);
            }
            sparse[row] = vector(random);
        }
        for (int list = 0; list < LISTS; list++) {
            sources[list] = random.nextInt(rows);
            for (int i = 0; i < LIST; i++) {
                lists[list][i] = random.nextInt(rows);
            }
        }
    }

    /** Few columns are in most rows: candidates share some with their source. */
    private SparseVector vector(SplittableRandom random) {
        int[] columns = random.doubles()
                .mapToInt(u -> (int) (CLUSTERS * u * u * u))
                .distinct()
                .limit(entries)
                .sorted()
                .toArray();
        float[] weights = new float[entries];
        for (int i = 0; i < entries; i++) {
            weights[i] = (float) (0.01 + random.nextDouble());
        }
        return new SparseVector(columns, weights);
    }

    /** Measures and prints. Answers whether dense and sparse lists reach the pairs a CPU second that they should. */
    public boolean run(PrintStream out) throws IOException {
        Path directory = Files.createTempDirectory("repscorer-bench");
        try (RepresentationStore store =
                RepresentationStore.open(directory.resolve("store"), spaces(), StoreOptions.DEFAULT)) {
            publish(store, directory);
            Scorer scorer = new Scorer(
                    store,
                    List.of(),
                    new Assigner(List.of()),
                    EmbeddingSource.NONE,
                    Duration.ofMillis(1),
                    1,
                    StageListener.NONE);
            out.printf(
                    Locale.ROOT,
                    "%,d rows, %s dimensions, %s non-zeros of %,d; lists of %,d; kernels %s; one thread%n",
                    rows,
                    dimension,
                    entries,
                    CLUSTERS,
                    LIST,
                    VectorOps.implementation());
            out.printf("%-44s %22s %16s%n", "method", "M pairs a CPU second", "bytes a pair");
            return measured(scorer, out);
        } finally {
            delete(directory);
        }
    }

    private boolean measured(Scorer scorer, PrintStream out) {
        double worst = Double.POSITIVE_INFINITY;
        double bytes = 0;
        for (Similarity similarity : List.of(Similarity.COSINE, Similarity.DOT)) {
            Result dense = print("dense " + similarity.wireName() + ", Scorer", list(scorer, similarity, DENSE), out);
            worst = Math.min(worst, dense.pairs);
            bytes = Math.max(bytes, dense.bytes);
        }
        print("dense cosine, Lucene VectorUtil (float32)", this::luceneCosine, out);
        print("dense dot, Lucene VectorUtil (float32)", this::luceneDot, out);
        print("dense cosine, plain loop", this::plainCosine, out);
        print("dense cosine, Scorer.scores, ids and answer", answer(scorer, DENSE), out);
        for (Similarity similarity : List.of(Similarity.COSINE, Similarity.DOT, Similarity.EXP_SCALED_COSINE)) {
            Result sparse =
                    print("sparse " + similarity.wireName() + ", Scorer", list(scorer, similarity, SPARSE), out);
            worst = Math.min(worst, sparse.pairs);
            bytes = Math.max(bytes, sparse.bytes);
        }
        print("sparse cosine, plain merge", this::plainMerge, out);
        print("sparse cosine, Scorer.scores, ids and answer", answer(scorer, SPARSE), out);
        boolean reached = worst >= PAIRS_MIN && bytes < 0.01;
        out.printf(
                Locale.ROOT,
                "lists through the Scorer: at least %.1f million pairs a CPU second, %.3f bytes a pair at most (need %.0f and 0)%n",
                worst / 1e6,
                bytes,
                PAIRS_MIN / 1e6);
        return reached;
    }

    // ---- methods ----

    /** Scores one list and answers a sum that must be used. */
    @FunctionalInterface
    private interface Method {
        double score(int list);
    }

    private Method list(Scorer scorer, Similarity similarity, String space) {
        ListScorer scores = scorer.lists(Comparison.of(similarity, space, space));
        double[] into = new double[LIST];
        return list -> {
            scores.source(ids.get(sources[list]));
            scores.score(lists[list], LIST, into);
            return into[0] + into[LIST - 1];
        };
    }

    /** The whole way of a request: ids looked up, an entry per candidate. */
    private Method answer(Scorer scorer, String space) {
        Comparison comparison = Comparison.of(Similarity.COSINE, space, space);
        List<List<EntityId>> candidates = Stream.of(lists)
                .map(list -> IntStream.of(list).mapToObj(ids::get).toList())
                .toList();
        return list -> scorer.scores(new ScoreQuery.BySimilarity(
                        comparison, Source.Entities.of(ids.get(sources[list])), candidates.get(list), false))
                .entries()
                .size();
    }

    private double luceneCosine(int list) {
        float[] source = dense[sources[list]];
        double sum = 0;
        for (int row : lists[list]) {
            sum += LucenePairs.cosine(source, dense[row]);
        }
        return sum;
    }

    private double luceneDot(int list) {
        float[] source = dense[sources[list]];
        double sum = 0;
        for (int row : lists[list]) {
            sum += LucenePairs.dot(source, dense[row]);
        }
        return sum;
    }

    private double plainCosine(int list) {
        float[] source = dense[sources[list]];
        double sourceSquares = 0;
        for (float value : source) {
            sourceSquares += (double) value * value;
        }
        double sum = 0;
        for (int row : lists[list]) {
            float[] candidate = dense[row];
            double dot = 0;
            double squares = 0;
            for (int i = 0; i < source.length; i++) {
                dot += (double) source[i] * candidate[i];
                squares += (double) candidate[i] * candidate[i];
            }
            sum += dot / Math.sqrt(sourceSquares * squares);
        }
        return sum;
    }

    private double plainMerge(int list) {
        SparseVector source = sparse[sources[list]];
        double sourceSquares = source.squaredNorm();
        double sum = 0;
        for (int row : lists[list]) {
            int[] columns = sparse[row].columns();
            float[] weights = sparse[row].weights();
            double dot = 0;
            double squares = 0;
            int i = 0;
            for (int j = 0; j < columns.length; j++) {
                squares += (double) weights[j] * weights[j];
                while (i < source.size() && source.columns()[i] < columns[j]) {
                    i++;
                }
                if (i < source.size() && source.columns()[i] == columns[j]) {
                    dot += (double) source.weights()[i] * weights[j];
                }
            }
            sum += dot / Math.sqrt(sourceSquares * squares);
        }
        return sum;
    }

    // ---- measuring ----

    private record Result(double pairs, double bytes) {}

    private Result print(String name, Method method, PrintStream out) {
        run(method); // warms up
        Result result = run(method);
        out.printf(Locale.ROOT, "%-44s %22.1f %16.3f%n", name, result.pairs / 1e6, result.bytes);
        return result;
    }

    private Result run(Method method) {
        long thread = Thread.currentThread().threadId();
        double sum = 0;
        long pairs = 0;
        long bytesBefore = THREADS.getThreadAllocatedBytes(thread);
        long before = THREADS.getCurrentThreadCpuTime();
        long now = before;
        while (now - before < seconds * 1e9) {
            for (int list = 0; list < LISTS; list++) {
                sum += method.score(list);
            }
            pairs += (long) LISTS * LIST;
            now = THREADS.getCurrentThreadCpuTime();
        }
        long bytes = THREADS.getThreadAllocatedBytes(thread) - bytesBefore;
        if (Double.isNaN(sum)) {
            throw new IllegalStateException("a score is no number");
        }
        return new Result(pairs / ((now - before) / 1e9), (double) bytes / pairs);
    }

    // ---- the release ----

    private List<Space> spaces() {
        return List.of(
                new DenseSpace(
                        DENSE, "dense", ITEM, dimension, Metric.COSINE, "exact", HnswParameters.DEFAULT, 0, false),
                new SparseSpace(SPARSE, "sparse", ITEM, entries, 0, false));
    }

    private void publish(RepresentationStore store, Path directory) throws IOException {
        EmbeddingFileWriter denseRows = EmbeddingFileWriter.dense(DENSE, "dense", ITEM, dimension);
        List<EntityId> clusters = new ArrayList<>();
        for (int c = 0; c < CLUSTERS; c++) {
            clusters.add(EntityId.of(new EntityKind("cluster"), c));
        }
        EmbeddingFileWriter sparseRows = EmbeddingFileWriter.sparse(SPARSE, "sparse", ITEM, clusters, Map.of());
        for (int row = 0; row < rows; row++) {
            denseRows.add(ids.get(row), dense[row]);
            sparseRows.add(ids.get(row), sparse[row]);
        }
        Path files = Files.createDirectory(directory.resolve("files"));
        for (EmbeddingFileWriter writer : List.of(denseRows, sparseRows)) {
            Path file = writer.writeTo(files);
            String space = file.getFileName().toString().replace(EmbeddingFile.SUFFIX, "");
            try (InputStream body = new BufferedInputStream(Files.newInputStream(file))) {
                store.stage(RELEASE, space, body);
            }
        }
        store.publish(RELEASE, PublicationListener.NONE);
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
