package repscorer.core.request;

import java.time.Clock;
import java.util.UUID;
import java.util.random.RandomGenerator;

/** Names decisions by UUIDs of version 7 (RFC 9562): their text sorts by the millisecond. Safe for concurrent use. */
public final class DecisionIds {

    private static final long LOW_12 = 0xfffL;
    private static final long LOW_62 = (1L << 62) - 1;

    private final Clock clock;
    private final RandomGenerator random;

    /** @param random safe for concurrent use */
    public DecisionIds(Clock clock, RandomGenerator random) {
        this.clock = clock;
        this.random = random;
    }

    public String next() {
        long high = clock.millis() << 16 | 0x7000 | (random.nextLong() & LOW_12);
        long low = 1L << 63 | (random.nextLong() & LOW_62);
        return new UUID(high, low).toString();
    }
}
