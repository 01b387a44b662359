package repscorer.core.shadow;

import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import repscorer.core.request.ComputePermits;
import repscorer.os.BackgroundThreads;

/**
 * Does what may as well be left undone, on one thread that the system runs where a processor is idle, and begins only where a request
 * that came now would begin at once. Safe for concurrent use.
 */
public final class IdleWork implements AutoCloseable {

    /*
     * What runs here holds no permit, or a request would wait for it: a thread of the policy for idle processors takes none from those
     * that compute (ADR 13), so that the permits are asked whether they are idle and no more.
     */

    private static final System.Logger LOG = System.getLogger(IdleWork.class.getName());
    private static final int WAITING_MAX = 16;
    private static final Duration IDLE_WITHIN = Duration.ofMillis(200);
    private static final Duration LOOKS = Duration.ofMillis(2);
    private static final Duration ENDS_WITHIN = Duration.ofSeconds(10);

    private final ComputePermits permits;
    private final ThreadPoolExecutor thread;

    public IdleWork(ComputePermits permits) {
        this.permits = permits;
        thread = new ThreadPoolExecutor(
                0, 1, 10, TimeUnit.SECONDS, new ArrayBlockingQueue<>(WAITING_MAX), BackgroundThreads.named("shadow"));
    }

    /**
     * Does some work soon, or never.
     *
     * @param work none of whose exceptions matters to anybody
     * @param undone run in its place where no processor is idle for long, or as much waits as may; on either thread
     */
    public void offer(Runnable work, Runnable undone) {
        try {
            thread.execute(() -> (becomesIdle() ? work : undone).run());
        } catch (RejectedExecutionException e) {
            undone.run();
        }
    }

    private boolean becomesIdle() {
        long end = System.nanoTime() + IDLE_WITHIN.toNanos();
        while (!permits.isIdle()) {
            if (System.nanoTime() - end > 0) {
                return false;
            }
            try {
                Thread.sleep(LOOKS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false; // closed
            }
        }
        return true;
    }

    /** Waits for what runs, so that nothing is read that is closed next. */
    @Override
    public void close() {
        thread.shutdownNow();
        try {
            if (!thread.awaitTermination(ENDS_WITHIN.toSeconds(), TimeUnit.SECONDS)) {
                LOG.log(System.Logger.Level.WARNING, "a shadow still runs");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
