package repscorer.ann.hnsw;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import repscorer.ann.BuildThreads;

/**
 * Runs one step of a build after the other, each on several threads of somebody else's pool. A step is over when all its
 * items are done; what they wrote is then visible to the next. Used by one thread, which must not be the pool's only one.
 */
final class Crew {

    /** Does one item of a step; called once for each. */
    interface Work {
        /** @param worker below the number of threads; no two threads have the same one at a time */
        void run(int item, int worker);
    }

    /** How often a waiting caller looks whether the pool was shut down under its workers. */
    private static final long POLL_MILLIS = 200;

    /** How long a worker keeps a processor from a search that waits for one: less than a turn that the system gives. */
    private static final long WORK_NANOS = 500_000;

    private final ExecutorService executor;
    private final int threads;
    private final double rest;

    /**
     * @throws RejectedExecutionException when the pool is closed
     */
    Crew(BuildThreads threads) {
        if (threads.executor().isShutdown()) {
            throw new RejectedExecutionException("the pool is shut down");
        }
        this.executor = threads.executor();
        this.threads = threads.count();
        this.rest = threads.rest();
    }

    int threads() {
        return threads;
    }

    /**
     * Does {@code items} items and waits for them. After a failure or an interrupt no further item is begun, and those at
     * work have ended when this returns.
     *
     * @throws InterruptedException when the caller is interrupted or the pool is shut down
     */
    void run(int items, Work work) throws InterruptedException {
        Step step = new Step(items, work);
        try {
            for (int worker = 0; worker < Math.min(threads, items); worker++) {
                int number = worker;
                executor.execute(() -> step.work(number));
            }
            step.await();
        } catch (RejectedExecutionException e) {
            throw interrupted();
        } finally {
            step.stop();
        }
        step.rethrow();
    }

    private static InterruptedException interrupted() {
        return new InterruptedException("the graph's build was interrupted");
    }

    private final class Step {

        private final int items;
        private final Work work;
        private final AtomicInteger next = new AtomicInteger();

        /* Guarded by this. */
        private int active;
        private @Nullable Throwable failure;

        /** Also read without the lock, to stop soon. */
        private volatile boolean stopped;

        Step(int items, Work work) {
            this.items = items;
            this.work = work;
        }

        void work(int worker) {
            if (!enter()) {
                return;
            }
            Throwable thrown = null;
            try {
                long rested = System.nanoTime();
                for (int item = take(); item >= 0; item = take()) {
                    work.run(item, worker);
                    long worked = System.nanoTime() - rested;
                    if (worked > WORK_NANOS) {
                        rest(worked);
                        rested = System.nanoTime();
                    }
                }
            } catch (RuntimeException | Error e) {
                thrown = e;
            }
            leave(thrown);
        }

        private void rest(long worked) {
            if (rest > 0) {
                LockSupport.parkNanos((long) (rest * worked));
            } else {
                Thread.yield();
            }
        }

        /** The next item, or -1 where there is none or the step has stopped. */
        private int take() {
            if (stopped || next.get() >= items) {
                return -1;
            }
            int item = next.getAndIncrement();
            return item < items ? item : -1;
        }

        private synchronized boolean enter() {
            if (stopped) {
                return false;
            }
            active++;
            return true;
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

        synchronized void await() throws InterruptedException {
            while (!stopped && (active > 0 || next.get() < items)) {
                wait(POLL_MILLIS);
                if (executor.isShutdown()) {
                    throw interrupted();
                }
            }
        }

        /** Lets nobody begin another item and waits, even if interrupted, until those at work have ended. */
        synchronized void stop() {
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

        synchronized void rethrow() {
            if (failure instanceof Error error) {
                throw error;
            }
            if (failure instanceof RuntimeException e) {
                throw e;
            }
        }
    }
}
