package repscorer.training.rows;

import java.util.concurrent.CancellationException;
import repscorer.parallel.Workers;
import repscorer.training.progress.TrainingProgress;

/** Runs a loop over rows on several platform threads. */
public final class Parallel {

    private static final int CHUNKS = 64;

    private Parallel() {}

    /** A part of a loop. */
    @FunctionalInterface
    public interface Range {
        void run(int from, int to);
    }

    /**
     * Splits 0 to {@code count} into chunks and hands them to threads, the caller's among them, which also reports. Rows must
     * not depend on each other.
     *
     * @throws CancellationException when {@code progress} asks for an end, or the caller is interrupted
     */
    public static void ranges(int count, int threads, String stage, TrainingProgress progress, Range body) {
        try (Workers workers = Workers.withCaller(threads, stage + "-")) {
            workers.run(CHUNKS, (chunk, worker) -> {
                body.run((int) ((long) count * chunk / CHUNKS), (int) ((long) count * (chunk + 1) / CHUNKS));
                if (worker == 0) {
                    progress.report(stage, chunk + 1, CHUNKS, "");
                    progress.checkCancelled();
                }
            });
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted during " + stage);
        }
    }
}
