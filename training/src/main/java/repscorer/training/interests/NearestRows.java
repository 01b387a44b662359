package repscorer.training.interests;

import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import repscorer.ann.HnswParameters;
import repscorer.ann.SearchOptions;
import repscorer.ann.hnsw.HnswIndex;
import repscorer.ann.hnsw.Quantization;
import repscorer.training.progress.TrainingProgress;
import repscorer.training.rows.Parallel;
import repscorer.vector.DenseRows;
import repscorer.vector.Metric;

/** Finds the nearest other rows of each row by cosine, approximately: a graph search, the same on any number of threads. */
final class NearestRows {

    private static final int M = 12;
    private static final int EF_CONSTRUCTION = 60;
    private static final int EF_MORE = 20;

    private NearestRows() {}

    /**
     * The nearest rows by row, best first; rows without a direction have none.
     *
     * @param rows n × dimension, row-major
     */
    static int[][] of(float[] rows, int dimension, int k, long seed, int threads, TrainingProgress progress) {
        int count = rows.length / dimension;
        float[][] copies = new float[count][dimension];
        for (int row = 0; row < count; row++) {
            System.arraycopy(rows, row * dimension, copies[row], 0, dimension);
        }
        int[][] nearest = new int[count][];
        ExecutorService executor = Executors.newFixedThreadPool(
                threads, Thread.ofPlatform().daemon().factory());
        try (HnswIndex index = HnswIndex.build(
                DenseRows.copyOf(copies),
                Metric.COSINE,
                new HnswParameters(M, EF_CONSTRUCTION, seed),
                Quantization.INT8,
                executor,
                threads,
                (done, total) -> {
                    progress.report("nearest users", done, total, "");
                    progress.checkCancelled();
                })) {
            SearchOptions options = SearchOptions.of(k + 1).withEf(k + 1 + EF_MORE);
            Parallel.ranges(count, threads, "nearest users", progress, (from, to) -> {
                for (int row = from; row < to; row++) {
                    nearest[row] =
                            others(row, index.search(copies[row], options).ordinals(), k);
                }
            });
            return nearest;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted while nearest users were sought");
        } finally {
            executor.shutdownNow();
        }
    }

    private static int[] others(int row, int[] found, int k) {
        int[] others = new int[found.length];
        int count = 0;
        for (int ordinal : found) {
            if (ordinal != row && count < k) {
                others[count++] = ordinal;
            }
        }
        return java.util.Arrays.copyOf(others, count);
    }
}
