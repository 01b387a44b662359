package repscorer.ann.hnswlib;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;
import repscorer.ann.BuildProgress;

/**
 * Inserts rows on several threads of somebody else's pool. Whoever waits is told of the first failure, and nobody touches
 * the rows any more once the wait is over.
 */
final class GraphBuild {

    /** Inserts one row; called once for each, from several threads. */
    interface Insertion {
        void insert(int ordinal);
    }

    /** How often a waiting caller looks whether the pool was shut down under its workers. */
    private static final long POLL_MILLIS = 200;

    private static final int REPORTS = 100;

    private final int count;
    private final Insertion insertion;
    private final BuildProgress progress;
    private final int reportEvery;

    /* Guarded by this. */
    private int next;
    private int done;
    private int active;
    private @Nullable Throwable failure;

    /** Also read without the lock, to stop soon. */
    private volatile boolean stopped;

    GraphBuild(int count, Insertion insertion, BuildProgress progress) {
        this.count = count;
        this.insertion = insertion;
        this.progress = progress;
        this.reportEvery = Math.max(1, count / REPORTS);
    }

    /**
     * Runs on up to {@code threads} threads and waits. Must not be called from the pool's only thread.
     *
     * @throws InterruptedException when the caller or, by a shutdown of the pool, a worker is interrupted
     */
    void run(ExecutorService executor, int threads) throws InterruptedException {
        try {
            start(executor, Math.min(threads, count));
            await(executor);
        } finally {
            stop();
        }
        Throwable thrown = failure();
        if (thrown instanceof Error error) {
            throw error;
        }
        if (thrown instanceof RuntimeException e) {
            if (e.getCause() instanceof InterruptedException) {
                throw interrupted();
            }
            throw e;
        }
    }

    private void start(Executor executor, int threads) {
        for (int thread = 0; thread < threads; thread++) {
            executor.execute(this::work);
        }
    }

    private synchronized void await(ExecutorService executor) throws InterruptedException {
        while (!stopped && done < count) {
            wait(POLL_MILLIS);
            if (active == 0 && done < count && !stopped && executor.isTerminated()) {
                throw interrupted();
            }
        }
    }

    /** Lets no worker begin another row and waits, even if interrupted, until those at work have ended. */
    private synchronized void stop() {
        stopped = true;
        boolean interrupted = false;
        while (active > 0) {
            try {
                wait();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized @Nullable Throwable failure() {
        return failure;
    }

    private static InterruptedException interrupted() {
        return new InterruptedException("the graph's build was interrupted");
    }

    private void work() {
        if (!enter()) {
            return;
        }
        try {
            for (int ordinal = take(); ordinal >= 0; ordinal = take()) {
                insertion.insert(ordinal);
                int doneNow = finish();
                if (doneNow % reportEvery == 0 || doneNow == count) {
                    progress.report(doneNow, count);
                }
            }
            leave(null);
        } catch (RuntimeException | Error e) {
            leave(e);
        }
    }

    private synchronized boolean enter() {
        if (stopped) {
            return false;
        }
        active++;
        return true;
    }

    /** The next row, or -1 where there is none or the build has stopped. */
    private synchronized int take() {
        return stopped || next == count ? -1 : next++;
    }

    private synchronized int finish() {
        return ++done;
    }

    private synchronized void leave(@Nullable Throwable thrown) {
        active--;
        if (thrown != null) {
            stopped = true;
            if (failure == null) {
                failure = thrown;
            }
        }
        notifyAll();
    }
}
