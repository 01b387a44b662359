package repscorer.api.traffic;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Platform threads that requests are computed on, so that the virtual ones, which read and write, never stand behind a
 * computation: the system shares the processors between both. As many as those who come let in. Safe for concurrent use.
 */
final class RequestThreads implements AutoCloseable {

    private final ThreadPoolExecutor threads = new ThreadPoolExecutor(
            0,
            Integer.MAX_VALUE,
            30,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            Thread.ofPlatform().daemon().name("request-", 1).factory());

    /** What a request does. */
    @FunctionalInterface
    interface Work {
        void run() throws Exception;
    }

    /** Does it on one of the threads, and waits for its end whatever happens: it has the caller's request in its hands. */
    void run(Work work) throws Exception {
        FutureTask<Void> task = new FutureTask<>(() -> {
            work.run();
            return null;
        });
        threads.execute(task);
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    task.get();
                    return;
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    throw e.getCause() instanceof Exception cause ? cause : e;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Ends those that have nothing to do; no request may come any more. */
    @Override
    public void close() {
        threads.shutdownNow();
    }
}
