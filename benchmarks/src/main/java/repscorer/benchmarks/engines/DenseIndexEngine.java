package repscorer.benchmarks.engines;

import java.lang.management.ManagementFactory;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import repscorer.ann.DenseIndex;
import repscorer.ann.HnswParameters;
import repscorer.ann.SearchOptions;
import repscorer.ann.hnsw.HnswIndex;
import repscorer.vector.DenseRows;
import repscorer.vector.Metric;
import repscorer.vector.VectorOps;

/** Whatever stands behind the face of our own indexes. */
final class DenseIndexEngine implements Engine {

    /** Builds one of them. */
    interface Builder {
        DenseIndex build(
                DenseRows rows, Metric metric, HnswParameters parameters, ExecutorService executor, int threads)
                throws InterruptedException;
    }

    private static final long SEED = 42;

    private final String version;
    private final Builder builder;
    private @Nullable DenseIndex index;
    private @Nullable DenseRows rows;
    private long heapBefore;

    DenseIndexEngine(String version, Builder builder) {
        this.version = version + ", kernels " + VectorOps.implementation();
        this.builder = builder;
    }

    @Override
    public String version() {
        return version;
    }

    /** Off the heap and with their norms, as they lie in the file of a release. */
    @Override
    public void beforeBuild(float[][] vectors) {
        rows = DenseRows.copyOf(vectors);
        heapBefore = heapInUse();
    }

    @Override
    public void build(float[][] vectors, Metric metric, BuildSettings settings) throws InterruptedException {
        if (rows == null) {
            beforeBuild(vectors);
        }
        HnswParameters parameters = new HnswParameters(settings.m(), settings.efConstruction(), SEED);
        try (ExecutorService executor = Executors.newFixedThreadPool(settings.threads())) {
            index = builder.build(
                    Objects.requireNonNull(rows, "no rows"), metric, parameters, executor, settings.threads());
        }
    }

    @Override
    public int[] search(float[] query, int k, int ef) {
        return Objects.requireNonNull(index, "build first")
                .search(query, SearchOptions.of(k).withEf(Math.max(k, ef)))
                .ordinals();
    }

    @Override
    public long bytes() {
        DenseRows read = Objects.requireNonNull(rows, "build first");
        long floats = 4L * read.count() * (read.dimension() + 1); // with a norm each
        return index instanceof HnswIndex ours
                ? ours.stats().bytes() + (ours.quantization().readsRows() ? floats : 0)
                : floats + Math.max(0, heapInUse() - heapBefore);
    }

    @Override
    public void close() {
        if (index != null) {
            index.close();
        }
    }

    private static long heapInUse() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
