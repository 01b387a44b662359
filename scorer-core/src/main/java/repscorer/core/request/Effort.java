package repscorer.core.request;

import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;

/**
 * How much of what plans say is sought while requests wait for their turn. It falls by a step where the mean wait stays above half
 * of its target, and comes back by a step where it stays below a tenth. Safe for concurrent use.
 */
public final class Effort {

    /*
     * Shares are a few fixed steps, so that answers under pressure are those of a few plans and not of any plan. Down comes fast, as a
     * queue is at its bound within milliseconds; up comes slowly, or the two would take turns.
     */

    private static final double[] SHARES = {1, .75, .5, .35};
    private static final double FALLS_ABOVE = .5;
    private static final double RISES_BELOW = .1;
    private static final long FALLS_AFTER_NANOS = Duration.ofMillis(100).toNanos();
    private static final long RISES_AFTER_NANOS = Duration.ofMillis(500).toNanos();

    /** What was before so long counts for a third. */
    private static final double REMEMBERED_NANOS = Duration.ofMillis(100).toNanos();

    private final double targetNanos;
    private final LongAdder reduced = new LongAdder();
    private double meanNanos;
    private long last;
    private long since;
    private volatile int step;

    /** @param target of waits; zero for an effort that is always whole */
    Effort(Duration target, long nowNanos) {
        this.targetNanos = target.toNanos();
        this.last = nowNanos;
        this.since = nowNanos;
    }

    /** Takes note of a wait that ended now, of zero where there was none. */
    synchronized void waited(long nanos, long nowNanos) {
        if (targetNanos == 0) {
            return;
        }
        double kept = Math.exp(-(nowNanos - last) / REMEMBERED_NANOS);
        // Of those that come at once each counts for a little.
        meanNanos = nanos + Math.min(kept, .98) * (meanNanos - nanos);
        last = nowNanos;
        long held = nowNanos - since;
        if (meanNanos > FALLS_ABOVE * targetNanos && step < SHARES.length - 1 && held >= FALLS_AFTER_NANOS) {
            step++;
            since = nowNanos;
        } else if (meanNanos < RISES_BELOW * targetNanos && step > 0 && held >= RISES_AFTER_NANOS) {
            step--;
            since = nowNanos;
        } else if (meanNanos >= RISES_BELOW * targetNanos && meanNanos <= FALLS_ABOVE * targetNanos) {
            since = nowNanos; // neither for long
        }
    }

    /** The share that is sought now: 1 where nobody waits long. */
    public double share() {
        return SHARES[step];
    }

    /** Takes note of a request that sought less. */
    void countReduced() {
        reduced.increment();
    }

    /** How many requests sought less since the start. */
    public long reduced() {
        return reduced.sum();
    }
}
