package repscorer.resilience;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP client for one other service whose every call ends within its budget, by an answer or by a failure that is a value.
 * Blocks the calling thread, which may well be virtual; safe for concurrent use.
 */
public final class ResilientHttp implements AutoCloseable {

    /*
     * One call, from outside in:
     *
     *   budget ─ repeats with pauses ─┬─ bulkhead: a turn among callsMax attempts, or BULKHEAD_FULL
     *                                 ├─ breaker: a permission, or BREAKER_OPEN
     *                                 └─ exchange: until its last byte, within attemptTimeout and the budget
     *
     * The bulkhead is asked before the breaker, so that no probe of a half-open breaker is kept from running by a full
     * bulkhead. A pause between attempts holds neither. The JDK's own request timeout ends with the headers; here the wait
     * is for the future of the whole body, and a cancelled future closes its connection, so a dripping body is bounded too.
     * The bulkhead is a plain semaphore because its wait must end with the budget, which differs from call to call.
     *
     * An attempt cut short by the caller's budget counts as a failure for the breaker: a service that hangs must open it
     * even where every caller is more impatient than the attempt timeout.
     */

    private static final Duration BUDGET_MAX = Duration.ofDays(1);

    /** What the breaker is told of every failure; it holds no stack, so one serves all. */
    @SuppressWarnings("StaticAssignmentOfThrowable")
    private static final RuntimeException FAILED_ATTEMPT = new RuntimeException("failed attempt", null, false, false) {
        private static final long serialVersionUID = 1L;
    };

    private final String name;
    private final ResilienceConfig config;
    private final RandomGenerator random;
    private final HttpClient http;
    private final CircuitBreaker breaker;
    private final Semaphore turns;
    private final LongAdder calls = new LongAdder();
    private final LongAdder attempts = new LongAdder();
    private final Map<FailureCause, LongAdder> failures = new EnumMap<>(FailureCause.class);

    /** @param name of the other service, for messages and metrics */
    public ResilientHttp(String name, ResilienceConfig config) {
        this(name, config, Clock.systemUTC(), () -> ThreadLocalRandom.current().nextLong());
    }

    /**
     * @param clock tells the breaker when to probe; budgets and timeouts follow the machine's own clock
     * @param random draws the pauses between attempts; safe for concurrent use
     */
    public ResilientHttp(String name, ResilienceConfig config, Clock clock, RandomGenerator random) {
        this.name = name;
        this.config = config;
        this.random = random;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(config.connectTimeout())
                .followRedirects(HttpClient.Redirect.NEVER)
                .executor(Executors.newVirtualThreadPerTaskExecutor())
                .build();
        this.breaker = breaker(name, config.breaker(), clock);
        this.turns = new Semaphore(config.bulkhead().callsMax(), true);
        for (FailureCause cause : FailureCause.values()) {
            failures.put(cause, new LongAdder());
        }
    }

    /**
     * Sends a request and waits for the whole answer.
     *
     * @param request HTTP/1.1 whatever version it names
     * @param repeat which failures allow another attempt; the publisher of a body must then be repeatable
     * @param budget for everything together: waiting, attempts, pauses; at most a day
     * @throws IllegalArgumentException for a request that cannot be sent, such as one to another scheme
     */
    public Outcome call(HttpRequest request, Repeat repeat, Duration budget) {
        calls.increment();
        long deadline = System.nanoTime() + nanos(budget);
        HttpRequest sent = HttpRequest.newBuilder(request, (header, value) -> true)
                .version(HttpClient.Version.HTTP_1_1)
                .build();
        Outcome outcome = attempt(sent, deadline);
        for (int n = 1; n < config.retry().attemptsMax() && repeat.after(outcome); n++) {
            long pauseNanos = pauseNanos(n, outcome);
            if (deadline - System.nanoTime() <= pauseNanos) {
                break;
            }
            if (!pause(pauseNanos)) {
                outcome = interrupted(sent);
                break;
            }
            outcome = attempt(sent, deadline);
        }
        if (outcome instanceof Outcome.Failed failed) {
            countOf(failed.cause()).increment();
        }
        return outcome;
    }

    public ResilienceStats stats() {
        EnumMap<FailureCause, Long> seen = new EnumMap<>(FailureCause.class);
        failures.forEach((cause, count) -> {
            if (count.sum() > 0) {
                seen.put(cause, count.sum());
            }
        });
        return new ResilienceStats(
                name,
                breaker.getState().name().toLowerCase(Locale.ROOT).replace('_', '-'),
                config.bulkhead().callsMax() - turns.availablePermits(),
                calls.sum(),
                attempts.sum(),
                seen);
    }

    /** A budget in nanoseconds: 0 where it is negative, a day where it is longer. */
    public static long nanos(Duration budget) {
        return budget.isNegative() ? 0 : (budget.compareTo(BUDGET_MAX) > 0 ? BUDGET_MAX : budget).toNanos();
    }

    /** Breaks off running calls, which then fail by {@link FailureCause#EXCHANGE}. */
    @Override
    public void close() {
        http.shutdownNow();
    }

    private Outcome attempt(HttpRequest request, long deadline) {
        long waitNanos = Math.min(
                deadline - System.nanoTime(), config.bulkhead().waitMax().toNanos());
        if (deadline - System.nanoTime() <= 0) {
            return failed(FailureCause.DEADLINE, request, "no time is left for an attempt");
        }
        try {
            if (!turns.tryAcquire() && !turns.tryAcquire(Math.max(0, waitNanos), TimeUnit.NANOSECONDS)) {
                return failed(
                        FailureCause.BULKHEAD_FULL,
                        request,
                        String.format(
                                Locale.ROOT,
                                "%,d calls are running",
                                config.bulkhead().callsMax()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return interrupted(request);
        }
        try {
            if (!breaker.tryAcquirePermission()) {
                return failed(FailureCause.BREAKER_OPEN, request, "the breaker is open after too many failures");
            }
            return permitted(request, deadline);
        } finally {
            turns.release();
        }
    }

    /** One exchange, reported to the breaker whatever happens. */
    private Outcome permitted(HttpRequest request, long deadline) {
        attempts.increment();
        long start = System.nanoTime();
        Outcome outcome = null;
        try {
            outcome = exchange(request, deadline);
            return outcome;
        } finally {
            report(outcome, System.nanoTime() - start);
        }
    }

    private Outcome exchange(HttpRequest request, long deadline) {
        long leftNanos = deadline - System.nanoTime();
        long attemptNanos = config.attemptTimeout().toNanos();
        CompletableFuture<HttpResponse<byte[]>> answer =
                http.sendAsync(request, LimitedBody.handler(config.responseBytesMax()));
        try {
            HttpResponse<byte[]> response =
                    answer.get(Math.max(0, Math.min(leftNanos, attemptNanos)), TimeUnit.NANOSECONDS);
            return new Outcome.Answered(response.statusCode(), response.headers(), response.body());
        } catch (TimeoutException e) {
            answer.cancel(true);
            return leftNanos <= attemptNanos
                    ? failed(
                            FailureCause.DEADLINE,
                            request,
                            "no whole answer within the %s ms left".formatted(leftNanos / 1_000_000))
                    : failed(
                            FailureCause.TIMEOUT,
                            request,
                            "no whole answer within attempt-timeout, %s".formatted(config.attemptTimeout()));
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            return interrupted(request);
        } catch (ExecutionException e) {
            return failed(causeOf(e.getCause()), request, wordsOf(origin(e.getCause())));
        }
    }

    private void report(@Nullable Outcome outcome, long nanos) {
        switch (outcome) {
            case null -> breaker.releasePermission();
            case Outcome.Answered answered -> {
                if (answered.status() >= 500) {
                    breaker.onError(nanos, TimeUnit.NANOSECONDS, FAILED_ATTEMPT);
                } else {
                    breaker.onSuccess(nanos, TimeUnit.NANOSECONDS);
                }
            }
            case Outcome.Failed failed -> {
                switch (failed.cause()) {
                    case CONNECT, EXCHANGE, TIMEOUT, DEADLINE ->
                        breaker.onError(nanos, TimeUnit.NANOSECONDS, FAILED_ATTEMPT);
                    case TOO_LARGE -> breaker.onSuccess(nanos, TimeUnit.NANOSECONDS);
                    case INTERRUPTED, BREAKER_OPEN, BULKHEAD_FULL -> breaker.releasePermission();
                }
            }
        }
    }

    /** The pause before the attempt after the n-th: drawn from zero, and no less than the other side asks for. */
    private long pauseNanos(int n, Outcome outcome) {
        long min = config.retry().backoffMin().toNanos();
        long bound = Math.min(config.retry().backoffMax().toNanos(), min << (n - 1));
        long drawn = bound <= 0 ? 0 : random.nextLong(bound + 1);
        return Math.max(drawn, outcome instanceof Outcome.Answered answered ? retryAfterNanos(answered) : 0);
    }

    private static long retryAfterNanos(Outcome.Answered answered) {
        String seconds = answered.headers().firstValue("Retry-After").orElse("");
        return seconds.matches("[0-9]{1,6}") ? TimeUnit.SECONDS.toNanos(Long.parseLong(seconds)) : 0;
    }

    /** @return false when interrupted, which the thread then still is */
    private static boolean pause(long nanos) {
        try {
            TimeUnit.NANOSECONDS.sleep(nanos);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static FailureCause causeOf(@Nullable Throwable failure) {
        for (Throwable f = failure; f != null; f = f.getCause()) {
            switch (f) {
                case LimitedBody.TooLarge e -> {
                    return FailureCause.TOO_LARGE;
                }
                case HttpConnectTimeoutException e -> {
                    return FailureCause.CONNECT;
                }
                case ConnectException e -> {
                    return FailureCause.CONNECT;
                }
                case NoRouteToHostException e -> {
                    return FailureCause.CONNECT;
                }
                case HttpTimeoutException e -> {
                    return FailureCause.TIMEOUT;
                }
                default -> {}
            }
        }
        return FailureCause.EXCHANGE;
    }

    /** What happened, where the JDK tells of its own limit of repeats instead. */
    private static @Nullable Throwable origin(@Nullable Throwable failure) {
        if (failure == null || !"Too many retries".equals(failure.getMessage())) {
            return failure;
        }
        Throwable cause = failure.getCause();
        return cause == null ? failure : cause;
    }

    private static String wordsOf(@Nullable Throwable failure) {
        if (failure == null) {
            return "the exchange failed";
        }
        String message = failure.getMessage();
        String kind = failure.getClass().getSimpleName();
        return message == null ? kind : failure instanceof LimitedBody.TooLarge ? message : kind + ": " + message;
    }

    private Outcome interrupted(HttpRequest request) {
        return failed(FailureCause.INTERRUPTED, request, "the waiting thread was interrupted");
    }

    private Outcome failed(FailureCause cause, HttpRequest request, String what) {
        String words = cause.name().toLowerCase(Locale.ROOT).replace('_', '-');
        return new Outcome.Failed(
                cause, "%s: %s (%s, %s %s)".formatted(words, what, name, request.method(), request.uri()));
    }

    private LongAdder countOf(FailureCause cause) {
        return java.util.Objects.requireNonNull(failures.get(cause));
    }

    private static CircuitBreaker breaker(String name, ResilienceConfig.Breaker config, Clock clock) {
        CircuitBreaker breaker = CircuitBreaker.of(
                name,
                CircuitBreakerConfig.custom()
                        .clock(clock)
                        .failureRateThreshold(config.failurePercentOpen())
                        .slidingWindow(
                                config.callsWindow(),
                                config.callsMin(),
                                CircuitBreakerConfig.SlidingWindowType.COUNT_BASED)
                        .waitDurationInOpenState(config.openFor())
                        .permittedNumberOfCallsInHalfOpenState(config.probes())
                        .build());
        if (!config.enabled()) {
            breaker.transitionToDisabledState();
        }
        return breaker;
    }
}
