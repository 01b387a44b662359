package repscorer.parallel;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Threads that do one step of a work after the other, each step's items among them. A step is over when all its items are done;
 * what they wrote is then visible to the next. Used by one thread at a time.
 */
public final class Workers implements AutoCloseable {

    /** Does one item of a step; called once for each. */
    @FunctionalInterface
    public interface Work {
        /**
         * @param worker from 0, below the number of workers; no two threads have the same one at a time
         * @throws RuntimeException to end the step; it reaches the caller
         */
        void run(int item, int worker);
    }

    /** How often a waiting caller looks whether the pool was shut down under its workers. */
    private static final long POLL_MILLIS = 200;

    /** How long a worker keeps a processor from a search that waits for one: less than a turn that the system gives. */
    private static final long WORK_NANOS = 500_000;

    private final ExecutorService executor;
    private final int count;
    private final double rest;

    /** Whether the caller is worker 0, and the pool there for the others only. */
    private final boolean callerWorks;

    private Workers(ExecutorService executor, int count, double rest, boolean callerWorks) {
        if (count < 1) {
            throw new IllegalArgumentException("threads must be at least 1: " + count);
        }
        this.executor = executor;
        this.count = count;
        this.rest = rest;
        this.callerWorks = callerWorks;
    }

    /**
     * Threads of somebody else's pool; the caller waits and must not be its only one.
     *
     * @param rest how long each rests after half a millisecond of work, in proportion to that; 0 for never
     * @throws RejectedExecutionException when the pool is shut down
     */
    public static Workers of(ExecutorService pool, int count, double rest) {
        if (pool.isShutdown()) {
            throw new RejectedExecutionException("the pool is shut down");
        }
        return new Workers(pool, count, rest, false);
    }

    /**
     * The caller, as worker 0, and daemons of its own, which live until this is closed.
     *
     * @param name of the daemons, followed by a number
     */
    public static Workers withCaller(int count, String name) {
        ExecutorService own = Executors.newFixedThreadPool(
                Math.max(1, count - 1),
                Thread.ofPlatform().daemon().name(name, 1).factory());
        return new Workers(own, count, 0, true);
    }

    /** How many threads work at a time. */
    public int count() {
        return count;
    }

    /** Ends the daemons, if there are any; somebody else's pool stays as it is. */
    @Override
    public void close() {
        if (callerWorks) {
            executor.shutdown();
        }
    }

    /**
     * Does {@code items} items and waits for them. After a failure or an interrupt no further item is begun, and those at
     * work have ended when this returns. The first failure is thrown, as it is.
     *
     * @throws InterruptedException when the caller or, as the cause of its failure, a worker is interrupted, or the pool is
     *     shut down
     */
    public void run(int items, Work work) throws InterruptedException {
        Step step = new Step(items, work);
        try {
            for (int worker = callerWorks ? 1 : 0; worker < Math.min(count, items); worker++) {
                int number = worker;
                executor.execute(() -> step.work(number));
            }
            if (callerWorks) {
                step.work(0);
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
        return new InterruptedException("the work was interrupted");
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
                    if (callerWorks && worker == 0 && Thread.currentThread().isInterrupted()) {
                        break; // to be thrown where it awaits the others
                    }
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
            if (Thread.interrupted()) { // even where nothing is left to wait for
                throw interrupted();
            }
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

        synchronized void rethrow() throws InterruptedException {
            if (failure instanceof Error error) {
                throw error;
            }
            if (failure instanceof RuntimeException e) {
                if (e.getCause() instanceof InterruptedException) {
                    throw interrupted();
                }
                throw e;
            }
        }
    }
}
