package repscorer.core.store;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import repscorer.core.failure.ScorerException.Rejected;

/** Long work, done by threads that requests need not wait for. Safe for concurrent use. */
final class BackgroundWork implements AutoCloseable {

    private final ExecutorService threads = Executors.newCachedThreadPool(BackgroundThreads.named("background-"));

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
    }
}
