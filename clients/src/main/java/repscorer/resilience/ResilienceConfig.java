package repscorer.resilience;

import static java.util.Objects.requireNonNullElse;

import java.time.Duration;

/**
 * How calls to one other service are bounded. Keys in configuration are the names in kebab-case, such as {@code connect-timeout}
 * and {@code breaker.open-for}; a key left out takes its default, which stands here and nowhere else.
 *
 * @param connectTimeout until a connection stands, 1 ms to 1 min; 500 ms
 * @param attemptTimeout until the last byte of one attempt's answer, 1 ms to 1 h; 1 s
 * @param responseBytesMax the largest body that is read, 1 B to 1 GiB; 4 MiB
 */
public record ResilienceConfig(
        Duration connectTimeout,
        Duration attemptTimeout,
        Integer responseBytesMax,
        Retry retry,
        Breaker breaker,
        Bulkhead bulkhead) {

    private static final Duration MILLI = Duration.ofMillis(1);
    private static final Duration HOUR = Duration.ofHours(1);

    public ResilienceConfig {
        connectTimeout = Setting.duration(
                "connect-timeout", connectTimeout, Duration.ofMillis(500), MILLI, Duration.ofMinutes(1));
        attemptTimeout = Setting.duration("attempt-timeout", attemptTimeout, Duration.ofSeconds(1), MILLI, HOUR);
        responseBytesMax = Setting.integer("response-bytes-max", responseBytesMax, 4 << 20, 1, 1 << 30);
        retry = requireNonNullElse(retry, Retry.DEFAULTS);
        breaker = requireNonNullElse(breaker, Breaker.DEFAULTS);
        bulkhead = requireNonNullElse(bulkhead, Bulkhead.DEFAULTS);
    }

    /** Every setting at its default. */
    @SuppressWarnings("NullAway") // absent on purpose: the constructor puts the defaults in
    public static ResilienceConfig defaults() {
        return new ResilienceConfig(null, null, null, null, null, null);
    }

    /**
     * When a call is tried again. The pause before attempt n + 1 is drawn between 0 and {@code backoffMin · 2ⁿ⁻¹}, at most
     * {@code backoffMax}; a pause that does not fit into the remaining budget ends the call.
     *
     * @param attemptsMax the first one included, 1 to 10; 3
     * @param backoffMin 0 to 1 min; 20 ms
     * @param backoffMax 0 to 1 min and not below backoffMin; 250 ms
     */
    public record Retry(Integer attemptsMax, Duration backoffMin, Duration backoffMax) {

        @SuppressWarnings("NullAway") // absent on purpose: the constructor puts the defaults in
        static final Retry DEFAULTS = new Retry(null, null, null);

        public Retry {
            Duration minute = Duration.ofMinutes(1);
            attemptsMax = Setting.integer("retry.attempts-max", attemptsMax, 3, 1, 10);
            backoffMin =
                    Setting.duration("retry.backoff-min", backoffMin, Duration.ofMillis(20), Duration.ZERO, minute);
            backoffMax =
                    Setting.duration("retry.backoff-max", backoffMax, Duration.ofMillis(250), Duration.ZERO, minute);
            if (backoffMax.compareTo(backoffMin) < 0) {
                throw new IllegalArgumentException("retry.backoff-max must not be below retry.backoff-min: %s < %s"
                        .formatted(backoffMax, backoffMin));
            }
        }
    }

    /**
     * When calls are refused without being tried. Failures are: no connection, a broken exchange, no whole answer in time, a
     * status of 500 or more.
     *
     * @param enabled false lets every call through; true
     * @param failurePercentOpen the share of failures that opens the breaker, 1 to 100; 50
     * @param callsWindow the last attempts that are looked at, 1 to 10,000; 50
     * @param callsMin attempts before the share counts, 1 to callsWindow; 10, or the window where that is smaller
     * @param openFor how long calls are refused before probes are let through, 1 ms to 1 h; 5 s
     * @param probes attempts let through while half open, 1 to 100; 3
     */
    public record Breaker(
            Boolean enabled,
            Integer failurePercentOpen,
            Integer callsWindow,
            Integer callsMin,
            Duration openFor,
            Integer probes) {

        @SuppressWarnings("NullAway") // absent on purpose: the constructor puts the defaults in
        static final Breaker DEFAULTS = new Breaker(null, null, null, null, null, null);

        public Breaker {
            enabled = requireNonNullElse(enabled, true);
            failurePercentOpen = Setting.integer("breaker.failure-percent-open", failurePercentOpen, 50, 1, 100);
            callsWindow = Setting.integer("breaker.calls-window", callsWindow, 50, 1, 10_000);
            callsMin = Setting.integer("breaker.calls-min", callsMin, Math.min(10, callsWindow), 1, callsWindow);
            openFor = Setting.duration("breaker.open-for", openFor, Duration.ofSeconds(5), MILLI, HOUR);
            probes = Setting.integer("breaker.probes", probes, 3, 1, 100);
        }

        /** A breaker that never opens. */
        @SuppressWarnings("NullAway") // absent on purpose: the constructor puts the defaults in
        public static Breaker disabled() {
            return new Breaker(false, null, null, null, null, null);
        }
    }

    /**
     * How many attempts may run at once.
     *
     * @param callsMax 1 to 100,000; 64
     * @param waitMax how long an attempt waits for its turn, 0 to 1 min; 10 ms
     */
    public record Bulkhead(Integer callsMax, Duration waitMax) {

        @SuppressWarnings("NullAway") // absent on purpose: the constructor puts the defaults in
        static final Bulkhead DEFAULTS = new Bulkhead(null, null);

        public Bulkhead {
            callsMax = Setting.integer("bulkhead.calls-max", callsMax, 64, 1, 100_000);
            waitMax = Setting.duration(
                    "bulkhead.wait-max", waitMax, Duration.ofMillis(10), Duration.ZERO, Duration.ofMinutes(1));
        }
    }
}
