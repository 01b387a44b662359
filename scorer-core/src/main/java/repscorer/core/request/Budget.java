package repscorer.core.request;

import java.time.Duration;

/** How long one request may still wait for others. All its waits end with it. Immutable, safe for concurrent use. */
public final class Budget {

    private final long deadlineNanos;

    private Budget(long deadlineNanos) {
        this.deadlineNanos = deadlineNanos;
    }

    /** A budget that runs from now on. */
    public static Budget of(Duration length) {
        return new Budget(System.nanoTime() + length.toNanos());
    }

    /** What is left, never below zero. */
    public Duration left() {
        return Duration.ofNanos(Math.max(0, deadlineNanos - System.nanoTime()));
    }

    public boolean isOver() {
        return deadlineNanos - System.nanoTime() <= 0;
    }
}
