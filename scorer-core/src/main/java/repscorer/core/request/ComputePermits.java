package repscorer.core.request;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import repscorer.core.failure.ScorerException.Overloaded;

/**
 * As many permits as requests compute at once. Who would wait too long for one is refused as it comes; first come, first
 * served. Safe for concurrent use.
 */
public final class ComputePermits {

    /*
     * The wait of a newcomer is known before it begins: those ahead of it times how long a permit is held, which is learnt.
     * So a refusal costs the caller nothing but the way, and a queue that is served is never older than its bound: what is
     * computed has somebody who still waits for it. The learnt time is a moving mean whose samples are cut, so that one
     * request of a second does not close the door to the hundred that follow; whatever it says, a few may always wait.
     */

    /** Wait targets that suit a caller in this process; a service has its own. */
    private static final Bounds DEFAULT = new Bounds(Duration.ofSeconds(1), Duration.ofSeconds(1));

    private static final ScopedValue<Permit> HELD = ScopedValue.newInstance();

    private static final double LEARNT_SHARE = 0.05;
    private static final int SAMPLE_TIMES_MAX = 4;
    private static final long HELD_NANOS_FIRST = 5_000_000;
    private static final int WAITING_PER_PERMIT_MIN = 2;

    /** Who waits for others at once without a permit at most; each has a thread. */
    private static final int AWAY_MAX = 256;

    private final int count;
    private final Bounds bounds;
    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Waiter> newcomers = new ArrayDeque<>();
    private final Deque<Waiter> returning = new ArrayDeque<>();
    private int free;
    private int away;
    private volatile double heldNanos = HELD_NANOS_FIRST;

    /**
     * How long one may wait for a permit.
     *
     * @param target who would wait longer, by what is known as it comes, is refused at once
     * @param max nobody waits longer
     */
    public record Bounds(Duration target, Duration max) {}

    public ComputePermits(int count) {
        this(count, DEFAULT);
    }

    public ComputePermits(int count, Bounds bounds) {
        this.count = count;
        this.bounds = bounds;
        this.free = count;
    }

    /**
     * Computes with a permit, on the caller's thread: its own where it has none yet.
     *
     * @throws repscorer.core.failure.ScorerException.Overloaded where none becomes free in time
     */
    public <T> T holding(Supplier<T> computation) {
        if (HELD.isBound() && HELD.get().of() == this) {
            return computation.get();
        }
        try (Permit permit = take(Budget.unlimited())) {
            return permit.use(computation::get);
        }
    }

    /** Waits for others; a permit that the caller's thread has is somebody else's meanwhile. */
    public <T> T waiting(Supplier<T> wait) {
        return HELD.isBound() && HELD.get().of() == this ? HELD.get().away(wait) : wait.get();
    }

    /**
     * A permit, for whichever thread {@linkplain Permit#use uses} it.
     *
     * @param budget of the whole request: the wait ends early enough for the rest, and so do the request's own
     * @throws repscorer.core.failure.ScorerException.Overloaded {@code too-many-searches} where it would take too long, or
     *     did; {@code deadline-passed} where the budget ends before
     */
    public Permit take(Budget budget) {
        lock.lock();
        try {
            if (budget.isOver()) {
                throw passed();
            }
            if (free > 0) {
                free--;
            } else {
                checkRoom();
                await(newcomers, Math.min(bounds.max().toNanos(), budget.left().toNanos() - (long) heldNanos));
            }
            return new Permit(budget);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Refuses what {@link #take} would refuse now, before anything is read of it.
     *
     * @throws repscorer.core.failure.ScorerException.Overloaded where it would wait too long
     */
    public void checkRoom() {
        lock.lock();
        try {
            int ahead = newcomers.size() + returning.size();
            double wait = (ahead + 1) * heldNanos / count;
            if (free == 0
                    && ahead >= WAITING_PER_PERMIT_MIN * count
                    && wait > bounds.target().toNanos()) {
                throw new Overloaded(
                        "too-many-searches",
                        "%s requests compute at once and %s wait: a turn would come in %s ms, and none waits longer than %s"
                                .formatted(
                                        count,
                                        ahead,
                                        TimeUnit.NANOSECONDS.toMillis((long) wait),
                                        millis(bounds.target())));
            }
        } finally {
            lock.unlock();
        }
    }

    /** How many wait for a permit now. */
    public int queued() {
        lock.lock();
        try {
            return newcomers.size() + returning.size();
        } finally {
            lock.unlock();
        }
    }

    /* With the lock held. */
    private void await(Deque<Waiter> queue, long nanosMax) {
        Waiter waiter = new Waiter(lock.newCondition());
        queue.addLast(waiter);
        long end = System.nanoTime() + nanosMax;
        try {
            while (!waiter.granted) {
                long left = end - System.nanoTime();
                if (left <= 0) {
                    queue.remove(waiter);
                    throw nanosMax == bounds.max().toNanos()
                            ? new Overloaded(
                                    "too-many-searches",
                                    "%s requests compute at once, and none ended within %s"
                                            .formatted(count, millis(bounds.max())))
                            : passed();
                }
                waiter.turn.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            if (waiter.granted) {
                next();
            } else {
                queue.remove(waiter);
            }
            Thread.currentThread().interrupt();
            throw new Overloaded("interrupted", "the request was interrupted while it waited for its turn");
        }
    }

    /** Gives a permit to whoever is next. With the lock held. */
    private void next() {
        Waiter next = returning.isEmpty() ? newcomers.pollFirst() : returning.pollFirst();
        if (next == null) {
            free++;
        } else {
            next.granted = true;
            next.turn.signal();
        }
    }

    private static Overloaded passed() {
        return new Overloaded("deadline-passed", "the request's time is over before its turn came");
    }

    private static String millis(Duration duration) {
        return duration.toMillis() + " ms";
    }

    /** Leave to compute, until it is closed. For one thread at a time. */
    public final class Permit implements AutoCloseable {

        private final Budget budget;
        private long since = System.nanoTime();
        private boolean held = true;

        private Permit(Budget budget) {
            this.budget = budget;
        }

        private ComputePermits of() {
            return ComputePermits.this;
        }

        /** Computes on this thread; what is waited for in it ends early enough for the computation to end with the budget. */
        public <T, E extends Throwable> T use(ScopedValue.CallableOp<T, E> computation) throws E {
            return budget.less((long) heldNanos)
                    .whole(() -> ScopedValue.where(HELD, this).call(computation));
        }

        private <T> T away(Supplier<T> wait) {
            boolean leaves = leave();
            try {
                return wait.get();
            } finally {
                if (leaves) {
                    comeBack();
                }
            }
        }

        private boolean leave() {
            lock.lock();
            try {
                if (away == AWAY_MAX) {
                    return false;
                }
                away++;
                release();
                return true;
            } finally {
                lock.unlock();
            }
        }

        private void comeBack() {
            lock.lock();
            try {
                away--;
                if (free > 0) {
                    free--;
                } else {
                    await(returning, budget.left().toNanos());
                }
                since = System.nanoTime();
                held = true;
            } finally {
                lock.unlock();
            }
        }

        private void release() {
            long sample = Math.min(System.nanoTime() - since, (long) (SAMPLE_TIMES_MAX * heldNanos));
            double before = heldNanos;
            heldNanos = before + LEARNT_SHARE * (sample - before); // with the lock held
            held = false;
            next();
        }

        @Override
        public void close() {
            lock.lock();
            try {
                if (held) {
                    release();
                }
            } finally {
                lock.unlock();
            }
        }
    }

    private static final class Waiter {

        private final Condition turn;
        private boolean granted;

        Waiter(Condition turn) {
            this.turn = turn;
        }
    }
}
