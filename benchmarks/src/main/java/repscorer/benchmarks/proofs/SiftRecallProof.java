package repscorer.benchmarks.proofs;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import repscorer.ann.BuildProgress;
import repscorer.ann.DenseIndex;
import repscorer.ann.HnswParameters;
import repscorer.ann.SearchOptions;
import repscorer.ann.hnsw.HnswIndex;
import repscorer.ann.hnsw.Quantization;
import repscorer.benchmarks.proof.Proof;
import repscorer.benchmarks.proof.ProofData;
import repscorer.benchmarks.vectors.VectorFiles;
import repscorer.vector.DenseRows;
import repscorer.vector.Metric;

/** The dense index finds 95 % of the true ten nearest of 200,000 SIFT descriptors at the default ef. */
final class SiftRecallProof implements Proof {

    private static final String FOLDER = "ann/sift200k";
    private static final int K = 10;
    private static final double RECALL_MIN = 0.95;
    private static final int THREADS = 2;

    @Override
    public String name() {
        return "recall-sift";
    }

    @Override
    public String claim() {
        return String.format(
                Locale.ROOT,
                "recall@%s of the dense index is at least %.2f on sift200k at ef=%s (minutes)",
                K,
                RECALL_MIN,
                SearchOptions.EF_DEFAULT);
    }

    @Override
    public boolean holds(PrintStream out) throws IOException, InterruptedException {
        Optional<Path> folder = ProofData.folder(FOLDER);
        if (folder.isEmpty()) {
            out.println("skipped: no " + FOLDER + " in " + ProofData.root() + " (set REPSCORER_DATA)");
            return true;
        }
        return recall(folder.get(), out) >= RECALL_MIN;
    }

    private static double recall(Path folder, PrintStream out) throws IOException, InterruptedException {
        DenseRows rows = DenseRows.copyOf(VectorFiles.vectors(folder.resolve("base.bvecs.gz"), Integer.MAX_VALUE));
        float[][] queries = VectorFiles.vectors(folder.resolve("query.bvecs.gz"), Integer.MAX_VALUE);
        int[][] truth = VectorFiles.ordinals(folder.resolve("groundtruth.ivecs.gz"), Integer.MAX_VALUE);
        HnswParameters parameters = HnswParameters.DEFAULT;
        long before = cpuNanos();
        try (ExecutorService executor = Executors.newFixedThreadPool(THREADS);
                DenseIndex index = HnswIndex.build(
                        rows, Metric.COSINE, parameters, Quantization.INT8, executor, THREADS, BuildProgress.NONE)) {
            out.printf(
                    Locale.ROOT,
                    "%s: %s x %s, cosine, engine %s, M = %s, efConstruction = %s, built in %.0f CPU seconds%n",
                    FOLDER,
                    rows.count(),
                    rows.dimension(),
                    index.engine(),
                    parameters.m(),
                    parameters.efConstruction(),
                    (cpuNanos() - before) / 1e9);
            double recall = recall(index, queries, truth);
            out.printf(
                    Locale.ROOT,
                    "recall@%s = %.4f at ef=%s (need %.2f)%n",
                    K,
                    recall,
                    SearchOptions.EF_DEFAULT,
                    RECALL_MIN);
            return recall;
        }
    }

    private static double recall(DenseIndex index, float[][] queries, int[][] truth) {
        long hits = 0;
        for (int q = 0; q < queries.length; q++) {
            Set<Integer> wanted = new HashSet<>();
            for (int i = 0; i < K; i++) {
                wanted.add(truth[q][i]);
            }
            for (int ordinal : index.search(queries[q], SearchOptions.of(K)).ordinals()) {
                if (wanted.contains(ordinal)) {
                    hits++;
                }
            }
        }
        return (double) hits / ((long) queries.length * K);
    }

    private static long cpuNanos() {
        return ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class)
                .getProcessCpuTime();
    }
}
