package repscorer.api.security;

import java.time.Duration;

/** How much was used since midnight, UTC. Safe for concurrent use. */
final class DayCount {

    private static final long DAY_MILLIS = Duration.ofDays(1).toMillis();

    private long day = Long.MIN_VALUE;
    private long used;

    /** Takes at most so many of what is left, and answers how many. */
    synchronized int take(int wanted, long perDay, long nowMillis) {
        int taken = (int) Math.min(wanted, left(perDay, nowMillis));
        used += taken;
        return taken;
    }

    synchronized long left(long perDay, long nowMillis) {
        long today = Math.floorDiv(nowMillis, DAY_MILLIS);
        if (today != day) {
            day = today;
            used = 0;
        }
        return Math.max(0, perDay - used);
    }

    /** Seconds until it begins anew. */
    static long secondsLeft(long nowMillis) {
        return Math.ceilDiv(DAY_MILLIS - Math.floorMod(nowMillis, DAY_MILLIS), 1_000);
    }
}
