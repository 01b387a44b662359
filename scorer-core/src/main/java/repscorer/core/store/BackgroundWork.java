package repscorer.core.store;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import repscorer.ann.BuildThreads;
import repscorer.core.failure.ScorerException.Rejected;
import repscorer.core.store.delta.DeltaGraph;
import repscorer.os.BackgroundThreads;

/** Long work, done by threads that requests need not wait for. Safe for concurrent use. */
final class BackgroundWork implements AutoCloseable {

    /** How long those who build beside searches rest, in proportion to their work. */
    private static final double SERVING_REST = 0.3;

    private final StoreOptions options;
    private final ExecutorService builders;
    private final ExecutorService threads = Executors.newCachedThreadPool(BackgroundThreads.named("background-"));

    BackgroundWork(StoreOptions options) {
        this.options = options;
        this.builders = Executors.newFixedThreadPool(options.buildThreads(), BackgroundThreads.named("index-build-"));
    }

    /** All of them before there is anything to serve, then fewer that rest, so that searches have processors of their own. */
    BuildThreads builders(boolean serving) {
        return serving
                ? new BuildThreads(builders, options.buildThreadsServing(), SERVING_REST)
                : BuildThreads.of(builders, options.buildThreads());
    }

    /** From so many changes on, a graph over them is built in the background. */
    int deltaRowsMin() {
        return Math.max(1, Math.min(DeltaGraph.ROWS_MIN, options.graphRowsMin()));
    }

    Executor executor() {
        return threads;
    }

    /** Has work done and waits for it. */
    <T> T await(Callable<T> work) throws IOException {
        Future<T> done = threads.submit(work);
        try {
            return done.get();
        } catch (InterruptedException e) {
            done.cancel(true);
            Thread.currentThread().interrupt();
            throw new Rejected("interrupted", "interrupted while an index was built", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException failure) {
                throw failure;
            }
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            if (e.getCause() instanceof Error failure) {
                throw failure;
            }
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
        builders.shutdownNow();
    }
}
