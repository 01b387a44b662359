package repscorer.benchmarks.proofs;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import repscorer.ann.BuildProgress;
import repscorer.ann.HnswParameters;
import repscorer.ann.SearchOptions;
import repscorer.ann.hnsw.HnswIndex;
import repscorer.ann.hnsw.Quantization;
import repscorer.benchmarks.proof.Proof;
import repscorer.benchmarks.proof.ScratchDirectory;
import repscorer.vector.DenseRows;
import repscorer.vector.Metric;
import repscorer.vector.VectorOps;

/**
 * A graph over 1,000,000 × 128 opens from its file in under a second, checksums and the first search included, and takes
 * next to no heap; and the memory it takes was estimated within a tenth before it was built. The graph is built with a short
 * candidate list, which changes neither its size nor its form.
 */
final class OpenProof implements Proof {

    private static final int ROWS = 1_000_000;
    private static final int DIMENSION = 128;
    private static final int CENTRES = 2_000;
    private static final HnswParameters PARAMETERS = new HnswParameters(16, 24, 1);
    private static final int THREADS = 2;
    private static final int OPENINGS = 5;
    private static final double SECONDS_MAX = 1;
    private static final long HEAP_MAX = 8L << 20;
    private static final double ESTIMATE_ERROR_MAX = 0.1;
    private static final long SEED = 42;

    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT.withOrder(ByteOrder.LITTLE_ENDIAN);

    @Override
    public String name() {
        return "open";
    }

    @Override
    public String claim() {
        return String.format(
                Locale.ROOT,
                "a graph over %,d x %s opens in under %.0f s, on at most %s MiB of heap (two minutes)",
                ROWS,
                DIMENSION,
                SECONDS_MAX,
                HEAP_MAX >> 20);
    }

    @Override
    public boolean holds(PrintStream out) throws IOException, InterruptedException {
        DenseRows rows = rows();
        long estimate = HnswIndex.estimateBytes(ROWS, DIMENSION, Metric.COSINE, PARAMETERS, Quantization.INT8);
        try (ScratchDirectory scratch = ScratchDirectory.create("repscorer-open")) {
            Path file = scratch.path().resolve("graph");
            long bytes;
            try (ExecutorService executor = Executors.newFixedThreadPool(THREADS)) {
                HnswIndex built = HnswIndex.build(
                        rows, Metric.COSINE, PARAMETERS, Quantization.INT8, executor, THREADS, BuildProgress.NONE);
                bytes = built.stats().bytes();
                built.save(file);
            }
            double error = Math.abs((double) estimate / bytes - 1);
            print(out, "%,d bytes in memory, estimated %,d; a file of %,d", bytes, estimate, Files.size(file));
            double[] seconds = new double[OPENINGS];
            long heap = 0;
            for (int i = 0; i < OPENINGS; i++) {
                long before = heapInUse();
                long start = System.nanoTime();
                HnswIndex opened = HnswIndex.open(file, rows);
                int found = opened.search(rows.row(i), SearchOptions.of(10)).size();
                seconds[i] = (System.nanoTime() - start) / 1e9;
                heap = Math.max(heap, heapInUse() - before);
                print(out, "opened and searched in %.3f s, %s found", seconds[i], found);
            }
            Arrays.sort(seconds);
            double median = seconds[OPENINGS / 2];
            print(
                    out,
                    "opens in %.2f s (at most %.0f) on %.1f MiB of heap (at most %s); memory estimated within %.1f %% (at most %.0f)",
                    median,
                    SECONDS_MAX,
                    heap / 1048576.0,
                    HEAP_MAX >> 20,
                    100 * error,
                    100 * ESTIMATE_ERROR_MAX);
            return median <= SECONDS_MAX && heap <= HEAP_MAX && error <= ESTIMATE_ERROR_MAX;
        }
    }

    /** Rows around random centres, made where they lie. */
    private static DenseRows rows() {
        SplittableRandom random = new SplittableRandom(SEED);
        float[][] centres = new float[CENTRES][DIMENSION];
        for (float[] centre : centres) {
            for (int i = 0; i < DIMENSION; i++) {
                centre[i] = (float) random.nextGaussian();
            }
        }
        Arena arena = Arena.ofAuto();
        MemorySegment values = arena.allocate(4L * ROWS * DIMENSION, 64);
        MemorySegment norms = arena.allocate(4L * ROWS, 64);
        float[] row = new float[DIMENSION];
        for (int ordinal = 0; ordinal < ROWS; ordinal++) {
            float[] centre = centres[random.nextInt(CENTRES)];
            for (int i = 0; i < DIMENSION; i++) {
                row[i] = centre[i] + 0.5f * (float) random.nextGaussian();
            }
            MemorySegment.copy(row, 0, values, FLOAT, 4L * DIMENSION * ordinal, DIMENSION);
            norms.set(FLOAT, 4L * ordinal, VectorOps.norm(row));
        }
        return DenseRows.of(values, norms, ROWS, DIMENSION);
    }

    private static long heapInUse() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    @SuppressWarnings("AnnotateFormatMethod") // private, and every format is a literal a few lines away
    private static void print(PrintStream out, String format, Object... values) {
        out.println(String.format(Locale.ROOT, format, values));
    }
}
