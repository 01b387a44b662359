package repscorer.api.traffic;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import repscorer.core.request.ComputePermits;

/**
 * Counts who was let in: {@code repscorer.requests} by outcome ({@code admitted}, {@code refused}, {@code abandoned}) and
 * reason, {@code repscorer.requests.wait} for a turn, and what waits and is held now.
 */
@Component
final class AdmissionMetrics {

    private static final Duration[] BUCKETS = {
        Duration.ofMillis(1),
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(25),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofSeconds(1)
    };

    private final MeterRegistry registry;
    private final Timer wait;

    /** Counts those that were let in, from the first on: a registry makes and compares tags at every look-up. */
    private volatile @Nullable Counter admitted;

    AdmissionMetrics(MeterRegistry registry, ComputePermits permits, ByteBudget bytes, Ports ports) {
        this.registry = registry;
        this.wait = Timer.builder("repscorer.requests.wait")
                .description("How long requests that were let in waited for their turn")
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
        Gauge.builder("repscorer.requests.queued", permits, ComputePermits::queued)
                .description("Requests that wait for their turn")
                .register(registry);
        Gauge.builder("repscorer.effort", permits, p -> p.effort().share())
                .description(
                        "The share of retrieve, ef and clusters-scanned that candidates are sought with now; 1 but while requests wait")
                .register(registry);
        FunctionCounter.builder(
                        "repscorer.requests.degraded", permits, p -> p.effort().reduced())
                .description("Requests for candidates that sought less than their plan says, as others waited")
                .register(registry);
        Gauge.builder("repscorer.requests.bytes", bytes, ByteBudget::held)
                .description("Bytes that requests and answers hold")
                .baseUnit("bytes")
                .register(registry);
        Gauge.builder("repscorer.connections", ports, p -> p.figure(GuardedProtocol::open))
                .description("Connections that are open")
                .register(registry);
        closed(registry, ports, "slow", GuardedProtocol::slow);
        closed(registry, ports, "address", GuardedProtocol::crowded);
    }

    private static void closed(
            MeterRegistry registry, Ports ports, String reason, ToLongFunction<GuardedProtocol> count) {
        FunctionCounter.builder("repscorer.connections.closed", ports, p -> p.figure(count))
                .description("Connections closed: slow, or too many of one address")
                .tag("reason", reason)
                .register(registry);
    }

    void admitted(long waitNanos) {
        wait.record(waitNanos, TimeUnit.NANOSECONDS);
        Counter counter = admitted;
        if (counter == null) {
            counter = counter("admitted", "");
            admitted = counter;
        }
        counter.increment();
    }

    void refused(String reason) {
        counter("refused", reason).increment();
    }

    /** @param when before or after it was computed */
    void abandoned(String when) {
        counter("abandoned", when).increment();
    }

    private Counter counter(String outcome, String reason) {
        return Counter.builder("repscorer.requests")
                .description("Requests that were admitted, refused or abandoned")
                .tags("outcome", outcome, "reason", reason)
                .register(registry);
    }
}
