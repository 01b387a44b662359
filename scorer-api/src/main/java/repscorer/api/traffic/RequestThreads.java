package repscorer.api.traffic;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Threads that requests come to. While few are under way a platform thread reads, computes and answers each, so that nothing is
 * handed over; more of them come to virtual threads, which hand to platform threads what they let in. So who is slow to send or
 * to read holds a virtual thread in the end, and the virtual ones never stand behind a computation. Safe for concurrent use.
 */
final class RequestThreads implements Executor, AutoCloseable {

    /** Requests under way that need no handing over: a few times what computes at once on a small machine. */
    private static final int WHOLE_MAX = 16;

    private static final ThreadFactory PLATFORM =
            Thread.ofPlatform().daemon().name("request-", 1).factory();

    private final ThreadFactory virtual =
            Thread.ofVirtual().name("tomcat-handler-", 0).factory();
    private final ThreadPoolExecutor whole = threads(WHOLE_MAX);
    private final ThreadPoolExecutor computing = threads(Integer.MAX_VALUE);

    private static ThreadPoolExecutor threads(int max) {
        return new ThreadPoolExecutor(0, max, 30, TimeUnit.SECONDS, new SynchronousQueue<>(), PLATFORM);
    }

    RequestThreads() {
        whole.setRejectedExecutionHandler(
                (request, full) -> virtual.newThread(request).start());
    }

    /** What a request does. */
    @FunctionalInterface
    interface Work {
        void run() throws Exception;
    }

    /** Begins a request, as Tomcat has it. */
    @Override
    public void execute(Runnable request) {
        whole.execute(request);
    }

    /** Does it on a platform thread, and waits for its end whatever happens: it has the caller's request in its hands. */
    void run(Work work) throws Exception {
        if (Thread.currentThread().isVirtual()) {
            handOver(work);
        } else {
            work.run();
        }
    }

    private void handOver(Work work) throws Exception {
        FutureTask<Void> task = new FutureTask<>(() -> {
            work.run();
            return null;
        });
        computing.execute(task);
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
        whole.shutdownNow();
        computing.shutdownNow();
    }
}
