package repscorer.core.request;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import repscorer.ann.SearchOptions;
import repscorer.core.failure.ScorerException.Overloaded;

/**
 * As many permits as requests compute at once. Who would wait too long for one is refused as it comes; of one {@link Priority},
 * first come, first served. {@linkplain #heavily Heavy} computations hold half of the permits at most. Safe for concurrent use.
 */
public final class ComputePermits {

    /*
     * The wait of a newcomer is known before it begins: those ahead of it times how long a permit is held, which is learnt.
     * So a refusal costs the caller nothing but the way, and a queue that is served is never older than its bound: what is
     * computed has somebody who still waits for it. The learnt time is a moving mean whose samples are cut, so that one
     * request of a second does not close the door to the hundred that follow; whatever it says, a few may always wait.
     */

    /** Wait targets that suit a caller in this process; a service has its own. */
    private static final Bounds DEFAULT = new Bounds(Duration.ofSeconds(1), Duration.ofSeconds(1), false);

    private static final ScopedValue<Permit> HELD = ScopedValue.newInstance();

    private static final double LEARNT_SHARE = 0.05;
    private static final int SAMPLE_TIMES_MAX = 4;
    private static final long HELD_NANOS_FIRST = 5_000_000;

    /** Who waits for others at once without a permit at most; each has a thread. */
    private static final int AWAY_MAX = 256;

    private final int count;
    private final Bounds bounds;
    private final String refusal;
    private final @Nullable ComputePermits heavy;
    private final Effort effort;
    private final ReentrantLock lock = new ReentrantLock();
    private final WaitingLine line = new WaitingLine();
    private int free;
    private int away;
    private volatile double heldNanos = HELD_NANOS_FIRST;

    /**
     * How long one may wait for a permit.
     *
     * @param target who would wait longer, by what is known as it comes, is refused at once
     * @param max nobody waits longer
     * @param degrades whether {@link #effort()} falls while requests wait
     */
    public record Bounds(Duration target, Duration max, boolean degrades) {}

    public ComputePermits(int count) {
        this(count, DEFAULT);
    }

    public ComputePermits(int count, Bounds bounds) {
        this(count, bounds, "too-many-searches", ofHeavyOnes(count, bounds.max()));
    }

    private static ComputePermits ofHeavyOnes(int count, Duration max) {
        Bounds bounds = new Bounds(max, max, false);
        return new ComputePermits(Math.max(1, count / 2), bounds, "too-many-heavy-requests", null);
    }

    private ComputePermits(int count, Bounds bounds, String refusal, @Nullable ComputePermits heavy) {
        this.count = count;
        this.bounds = bounds;
        this.refusal = refusal;
        this.heavy = heavy;
        this.effort = new Effort(bounds.degrades() ? bounds.target() : Duration.ZERO, System.nanoTime());
        this.free = count;
    }

    /**
     * Computes with a permit, on the caller's thread: its own where it has none yet.
     *
     * @throws repscorer.core.failure.ScorerException.Overloaded where none becomes free in time
     */
    public <T> T holding(Supplier<T> computation) {
        if (held() != null) {
            return computation.get();
        }
        try (Permit permit = take(Budget.unlimited(), Priority.NORMAL)) {
            return permit.use(computation::get);
        }
    }

    /**
     * Computes, with a permit, what takes as long as many requests together. While it waits for others of its like to end, its permit
     * is somebody else's.
     *
     * @throws repscorer.core.failure.ScorerException.Overloaded {@code too-many-heavy-requests} where it would wait too long for them,
     *     and as {@link #holding}
     */
    public <T> T heavily(Supplier<T> computation) {
        return holding(() -> {
            Permit mine = HELD.get();
            if (heavy == null || mine.heavy) {
                return computation.get();
            }
            try (Permit turn = heavy.turn(mine)) {
                mine.heavy = true;
                return computation.get();
            } finally {
                mine.heavy = false;
            }
        });
    }

    /** {@link #heavily} or {@link #holding}. */
    public <T> T computing(boolean heavily, Supplier<T> computation) {
        return heavily ? heavily(computation) : holding(computation);
    }

    /** A permit of these beside another's, which is lent while this one is waited for. */
    private Permit turn(Permit lent) {
        if (takeFree()) {
            return new Permit(lent.budget);
        }
        checkRoom(Priority.NORMAL);
        if (!lent.leave()) {
            throw new Overloaded(refusal, "%s requests wait for others, which is the most".formatted(AWAY_MAX));
        }
        @Nullable Permit taken = null;
        try {
            taken = take(lent.budget, Priority.NORMAL);
        } finally {
            comeBack(lent, taken);
        }
        return taken;
    }

    private static void comeBack(Permit lent, @Nullable Permit taken) {
        try {
            lent.comeBack();
        } catch (RuntimeException e) {
            if (taken != null) {
                taken.close();
            }
            throw e;
        }
    }

    private boolean takeFree() {
        lock.lock();
        try {
            boolean isFree = free > 0;
            free -= isFree ? 1 : 0;
            return isFree;
        } finally {
            lock.unlock();
        }
    }

    /** Waits for others; a permit that the caller's thread has is somebody else's meanwhile. */
    public <T> T waiting(Supplier<T> wait) {
        Permit held = held();
        return held == null ? wait.get() : held.away(wait);
    }

    private @Nullable Permit held() {
        return HELD.isBound() && HELD.get().of() == this ? HELD.get() : null;
    }

    /**
     * Ends a computation that nobody waits for any more, as its request's time is over: to be asked now and then by what takes long.
     *
     * @throws repscorer.core.failure.ScorerException.Overloaded {@code deadline-passed}
     */
    public static void checkTime() {
        if (HELD.isBound() && HELD.get().budget.isOver()) {
            throw new Overloaded("deadline-passed", "the request's time is over before its answer is made");
        }
    }

    /** The earlier of an end of one's own and that of the request's time, as {@link repscorer.ann.SearchOptions} have them. */
    public static long earlier(long endNanos) {
        if (!HELD.isBound() || HELD.get().budget.isUnlimited()) {
            return endNanos;
        }
        long whole = HELD.get().budget.endNanos();
        return endNanos == SearchOptions.NO_DEADLINE || whole - endNanos < 0 ? whole : endNanos;
    }

    /**
     * A permit, for whichever thread {@linkplain Permit#use uses} it.
     *
     * @param budget of the whole request: the wait ends early enough for the rest, and so do the request's own
     * @throws repscorer.core.failure.ScorerException.Overloaded {@code too-many-searches} where it would take too long, or
     *     did; {@code deadline-passed} where the budget ends before
     */
    public Permit take(Budget budget, Priority priority) {
        long asked = System.nanoTime();
        lock.lock();
        try {
            if (budget.isOver()) {
                throw passed();
            }
            if (free > 0) {
                free--;
                effort.waited(0, asked);
            } else {
                checkRoom(priority);
                await(
                        line.join(priority, lock.newCondition()),
                        Math.min(bounds.max().toNanos(), budget.left().toNanos() - (long) heldNanos));
                long now = System.nanoTime();
                effort.waited(now - asked, now);
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
    public void checkRoom(Priority priority) {
        lock.lock();
        try {
            int ahead = line.ahead(priority);
            double wait = (ahead + 1) * heldNanos / count;
            double most = priority.targetShare() * bounds.target().toNanos();
            if (free == 0 && ahead >= priority.waitingPerPermitMin() * count && wait > most) {
                throw new Overloaded(
                        refusal,
                        "%s requests compute at once and %s wait: a turn would come in %s ms, and none waits longer than %s ms"
                                .formatted(count, ahead, millis(wait), millis(most)));
            }
        } finally {
            lock.unlock();
        }
    }

    /** Whether a request that came now would compute at once. */
    public boolean isIdle() {
        lock.lock();
        try {
            return free > 0 && line.size() == 0;
        } finally {
            lock.unlock();
        }
    }

    /** How many wait for a permit now. */
    public int queued() {
        lock.lock();
        try {
            return line.size();
        } finally {
            lock.unlock();
        }
    }

    /** How much is to be sought now. */
    public Effort effort() {
        return effort;
    }

    /* With the lock held. */
    private void await(WaitingLine.Waiter waiter, long nanosMax) {
        long end = System.nanoTime() + nanosMax;
        try {
            while (!waiter.granted()) {
                long left = end - System.nanoTime();
                if (left <= 0) {
                    waiter.leave();
                    throw nanosMax == bounds.max().toNanos()
                            ? new Overloaded(
                                    refusal,
                                    "%s requests compute at once, and none ended within %s ms"
                                            .formatted(count, millis(nanosMax)))
                            : passed();
                }
                waiter.await(left);
            }
        } catch (InterruptedException e) {
            if (waiter.granted()) {
                next();
            } else {
                waiter.leave();
            }
            Thread.currentThread().interrupt();
            throw new Overloaded("interrupted", "the request was interrupted while it waited for its turn");
        }
    }

    /** Gives a permit to whoever is next. With the lock held. */
    private void next() {
        if (!line.grant()) {
            free++;
        }
    }

    private static Overloaded passed() {
        return new Overloaded("deadline-passed", "the request's time is over before its turn came");
    }

    private static long millis(double nanos) {
        return TimeUnit.NANOSECONDS.toMillis((long) nanos);
    }

    /** Leave to compute, until it is closed. For one thread at a time. */
    public final class Permit implements AutoCloseable {

        private final Budget budget;
        private long since = System.nanoTime();
        private boolean held = true;
        private boolean heavy;

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
                    await(line.joinReturning(lock.newCondition()), budget.left().toNanos());
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
}
