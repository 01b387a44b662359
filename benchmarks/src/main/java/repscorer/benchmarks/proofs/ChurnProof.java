package repscorer.benchmarks.proofs;

import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import repscorer.ann.BuildProgress;
import repscorer.ann.DenseIndex;
import repscorer.ann.HnswParameters;
import repscorer.ann.SearchOptions;
import repscorer.ann.exact.ExactIndex;
import repscorer.ann.hnsw.HnswIndex;
import repscorer.ann.hnsw.HnswStats;
import repscorer.ann.hnsw.MutableHnswIndex;
import repscorer.ann.hnsw.Quantization;
import repscorer.benchmarks.vectors.VectorFiles;
import repscorer.vector.DenseRows;
import repscorer.vector.Metric;

/**
 * An index whose rows were replaced, half of them and in random order while searches ran, is as good as one built anew from
 * what it now holds.
 */
final class ChurnProof implements Proof {

    private static final String FOLDER = "ann/sift200k";
    private static final int ROWS = 100_000;
    private static final int K = 10;
    private static final int EF = 60;
    private static final int THREADS = 2;
    private static final int PASSES = 9;
    private static final int WARM_UP_PASSES = 20;
    private static final double RECALL_LOSS_MAX = 0.01;
    private static final double THROUGHPUT_MIN = 0.9;
    private static final long SEED = 11;

    @Override
    public String name() {
        return "churn";
    }

    @Override
    public String claim() {
        return "after half of 100,000 rows were replaced beside searches, recall, throughput and reach are a fresh index's (minutes)";
    }

    @Override
    public boolean holds(PrintStream out) throws Exception {
        Optional<Path> folder = ProofData.folder(FOLDER);
        if (folder.isEmpty()) {
            out.println("skipped: no " + FOLDER + " in " + ProofData.root() + " (set REPSCORER_DATA)");
            return true;
        }
        return holds(folder.get(), out);
    }

    private static boolean holds(Path folder, PrintStream out) throws Exception {
        float[][] all = VectorFiles.vectors(folder.resolve("base.bvecs.gz"), Integer.MAX_VALUE);
        float[][] queries = VectorFiles.vectors(folder.resolve("query.bvecs.gz"), Integer.MAX_VALUE);
        float[][] current = Arrays.copyOf(all, ROWS);
        SplittableRandom random = new SplittableRandom(SEED);
        try (ExecutorService executor = Executors.newFixedThreadPool(THREADS)) {
            MutableHnswIndex churned = MutableHnswIndex.copyOf(build(current, executor));
            int[] ordinals = new int[ROWS];
            Arrays.setAll(ordinals, i -> i);
            double seconds = churn(churned, all, current, ordinals, queries, random, executor);
            churned.repair();
            HnswStats stats = churned.stats();
            HnswIndex fresh = build(current, executor);
            float[] worst = worstOfTheBest(current, queries);
            double[] recalls = {recall(churned, queries, worst), recall(fresh, queries, worst)};
            double ratio = throughputRatio(churned, fresh, queries);
            out.printf(
                    Locale.ROOT,
                    "%,d of %,d rows replaced in %.0f s beside searches; %,d slots, unreachable %s, mended %s%n",
                    ROWS / 2,
                    ROWS,
                    seconds,
                    churned.slots(),
                    stats.unreachable(),
                    stats.repaired());
            out.printf(
                    Locale.ROOT,
                    "recall@%s at ef=%s: %.4f, fresh %.4f; throughput %.2f of fresh%n",
                    K,
                    EF,
                    recalls[0],
                    recalls[1],
                    ratio);
            return recalls[0] >= recalls[1] - RECALL_LOSS_MAX && stats.unreachable() == 0 && ratio >= THROUGHPUT_MIN;
        }
    }

    private static HnswIndex build(float[][] rows, ExecutorService executor) throws InterruptedException {
        return HnswIndex.build(
                DenseRows.copyOf(rows),
                Metric.COSINE,
                HnswParameters.DEFAULT,
                Quantization.INT8,
                executor,
                THREADS,
                BuildProgress.NONE);
    }

    /** Replaces half of the rows by others, each once, while another thread searches; answers how long that took. */
    private static double churn(
            MutableHnswIndex index,
            float[][] all,
            float[][] current,
            int[] ordinals,
            float[][] queries,
            SplittableRandom random,
            ExecutorService executor)
            throws Exception {
        int[] order = new int[ROWS];
        Arrays.setAll(order, i -> i);
        for (int i = 0; i < ROWS / 2; i++) {
            int other = i + random.nextInt(ROWS - i);
            int swapped = order[i];
            order[i] = order[other];
            order[other] = swapped;
        }
        AtomicBoolean done = new AtomicBoolean();
        Future<?> searching = executor.submit(() -> {
            for (int i = 0; !done.get(); i++) {
                int found = index.search(queries[i % queries.length], SearchOptions.of(K))
                        .size();
                if (found != K) {
                    throw new IllegalStateException("a search beside writes answered " + found + " rows");
                }
            }
        });
        long start = System.nanoTime();
        for (int i = 0; i < ROWS / 2; i++) {
            int row = order[i];
            current[row] = all[ROWS + i];
            ordinals[row] = index.update(ordinals[row], current[row]);
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        done.set(true);
        searching.get();
        return seconds;
    }

    /** By query the score of the k-th best row. */
    private static float[] worstOfTheBest(float[][] rows, float[][] queries) {
        float[] worst = new float[queries.length];
        try (DenseIndex exact = new ExactIndex(DenseRows.copyOf(rows), Metric.COSINE)) {
            for (int q = 0; q < queries.length; q++) {
                worst[q] = exact.search(queries[q], SearchOptions.of(K)).scores()[K - 1];
            }
        }
        return worst;
    }

    private static double recall(DenseIndex index, float[][] queries, float[] worst) {
        long hits = 0;
        for (int q = 0; q < queries.length; q++) {
            for (float score :
                    index.search(queries[q], SearchOptions.of(K).withEf(EF)).scores()) {
                hits += score >= worst[q] ? 1 : 0;
            }
        }
        return (double) hits / ((long) queries.length * K);
    }

    private static double throughputRatio(DenseIndex churned, DenseIndex fresh, float[][] queries) {
        for (int pass = 0; pass < WARM_UP_PASSES; pass++) {
            cpuNanos(churned, queries);
            cpuNanos(fresh, queries);
        }
        double[] ratios = new double[PASSES];
        for (int pass = 0; pass < PASSES; pass++) {
            double mine = cpuNanos(churned, queries);
            ratios[pass] = cpuNanos(fresh, queries) / mine;
        }
        Arrays.sort(ratios);
        return ratios[PASSES / 2];
    }

    private static long cpuNanos(DenseIndex index, float[][] queries) {
        long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        SearchOptions options = SearchOptions.of(K).withEf(EF);
        for (float[] query : queries) {
            index.search(query, options);
        }
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before;
    }
}
