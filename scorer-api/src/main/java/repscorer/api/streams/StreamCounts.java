package repscorer.api.streams;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * What became of one topic's records since the service started: {@code repscorer.stream.records} by outcome,
 * {@code repscorer.stream.lag}, and the time from a record's own to its being visible, {@code repscorer.stream.freshness}. Safe for
 * concurrent use.
 */
final class StreamCounts {

    private static final Duration[] BUCKETS = {
        Duration.ofMillis(10),
        Duration.ofMillis(25),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofSeconds(10),
        Duration.ofMinutes(1),
        Duration.ofMinutes(10)
    };

    final LongAdder accepted = new LongAdder();
    final LongAdder repeated = new LongAdder();
    final LongAdder refused = new LongAdder();
    final LongAdder missed = new LongAdder();
    final AtomicLong lag = new AtomicLong();

    private final Timer freshness;

    StreamCounts(String space, MeterRegistry registry) {
        this.freshness = Timer.builder("repscorer.stream.freshness")
                .description("From a record's time to its being visible")
                .tag("space", space)
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
        counter(space, "accepted", accepted, registry);
        counter(space, "repeated", repeated, registry);
        counter(space, "refused", refused, registry);
        counter(space, "missed", missed, registry);
        Gauge.builder("repscorer.stream.lag", lag, AtomicLong::get)
                .description("Records of a topic that were not read yet")
                .tag("space", space)
                .register(registry);
    }

    private static void counter(String space, String outcome, LongAdder count, MeterRegistry registry) {
        FunctionCounter.builder("repscorer.stream.records", count, LongAdder::sum)
                .description("Records of topics by what became of them")
                .tags("space", space, "outcome", outcome)
                .register(registry);
    }

    /** A record is visible that was written then. */
    void visible(long timestampMillis, long nowMillis) {
        freshness.record(Math.max(0, nowMillis - timestampMillis), TimeUnit.MILLISECONDS);
    }
}
