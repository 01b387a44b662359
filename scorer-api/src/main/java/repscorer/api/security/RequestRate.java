package repscorer.api.security;

import java.util.concurrent.atomic.AtomicLong;

/** So many requests a second in the long run, and a burst of them at once after a pause. Safe for concurrent use. */
final class RequestRate {

    private static final double SECOND_NANOS = 1e9;

    /** When the next request would come if all came evenly; it runs ahead of time by as much as was burst. */
    private final AtomicLong even;

    /** @param nowNanos of {@link System#nanoTime} */
    RequestRate(long nowNanos) {
        even = new AtomicLong(nowNanos);
    }

    /** Takes one, or answers after how many nanoseconds there is one. */
    long take(double perSecond, int burst, long nowNanos) {
        long apart = (long) (SECOND_NANOS / perSecond);
        long ahead = apart * (burst - 1);
        while (true) {
            long known = even.get();
            long from = known - nowNanos > 0 ? known : nowNanos;
            long wait = from - nowNanos - ahead;
            if (wait > 0) {
                return wait;
            }
            if (even.compareAndSet(known, from + apart)) {
                return 0;
            }
        }
    }
}
