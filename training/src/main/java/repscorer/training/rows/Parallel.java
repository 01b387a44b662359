package repscorer.training.rows;

import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
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
     */
    public static void ranges(int count, int threads, String stage, TrainingProgress progress, Range body) {
        AtomicInteger next = new AtomicInteger();
        AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        Thread[] helpers = new Thread[threads - 1];
        for (int i = 0; i < helpers.length; i++) {
            helpers[i] =
                    Thread.ofPlatform().daemon().name(stage).start(() -> chunks(count, next, failure, body, () -> {}));
        }
        chunks(count, next, failure, body, () -> {
            progress.report(stage, Math.min(next.get(), CHUNKS), CHUNKS, "");
            progress.checkCancelled();
        });
        try {
            for (Thread helper : helpers) {
                helper.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted during " + stage);
        }
        Throwable thrown = failure.get();
        if (thrown instanceof RuntimeException e) {
            throw e;
        } else if (thrown instanceof Error e) {
            throw e;
        }
    }

    private static void chunks(
            int count, AtomicInteger next, AtomicReference<@Nullable Throwable> failure, Range body, Runnable between) {
        try {
            int chunk;
            while (failure.get() == null && (chunk = next.getAndIncrement()) < CHUNKS) {
                body.run((int) ((long) count * chunk / CHUNKS), (int) ((long) count * (chunk + 1) / CHUNKS));
                between.run();
            }
        } catch (RuntimeException | Error e) {
            failure.compareAndSet(null, e);
        }
    }
}
