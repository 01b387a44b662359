package repscorer.core.request;

import java.time.Duration;

/** How long one request may still wait for others. All its waits end with it. Immutable, safe for concurrent use. */
public final class Budget {

    private static final ScopedValue<Budget> WHOLE = ScopedValue.newInstance();
    private static final Duration UNLIMITED = Duration.ofDays(36_500);

    private final long deadlineNanos;

    private Budget(long deadlineNanos) {
        this.deadlineNanos = deadlineNanos;
    }

    /** A budget that runs from now on, and ends with the one that this thread computes {@linkplain #whole within}. */
    public static Budget of(Duration length) {
        Budget own = new Budget(System.nanoTime() + length.toNanos());
        return WHOLE.isBound() && WHOLE.get().deadlineNanos - own.deadlineNanos < 0 ? WHOLE.get() : own;
    }

    /** One that does not end while anybody lives. */
    static Budget unlimited() {
        return new Budget(System.nanoTime() + UNLIMITED.toNanos());
    }

    /** One that ends so much earlier. */
    Budget less(long nanos) {
        return new Budget(deadlineNanos - nanos);
    }

    /** Computes with this as the bound of every budget that is made meanwhile on this thread. */
    <T, E extends Throwable> T whole(ScopedValue.CallableOp<T, E> computation) throws E {
        return ScopedValue.where(WHOLE, this).call(computation);
    }

    /** What is left, never below zero. */
    public Duration left() {
        return Duration.ofNanos(Math.max(0, deadlineNanos - System.nanoTime()));
    }

    /** Whether nobody lives to see its end. */
    boolean isUnlimited() {
        return left().compareTo(UNLIMITED.dividedBy(2)) > 0;
    }

    /** When it is over, by {@link System#nanoTime}. */
    long endNanos() {
        return deadlineNanos;
    }

    public boolean isOver() {
        return deadlineNanos - System.nanoTime() <= 0;
    }
}
