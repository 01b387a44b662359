package repscorer.api.config;

import java.time.Duration;
import repscorer.core.request.ComputePermits;

/**
 * How much comes in at once, and how long it may take.
 *
 * @param timeMax of one request, until its answer is ready; a caller asks for less
 * @param waitTarget a request that would wait longer for its turn is refused as it comes
 * @param waitMax no request waits longer for its turn
 * @param degrade whether candidates are sought with less effort while requests wait
 * @param receiveMax from the first byte of a request to its last, streams of administrators excepted
 * @param sendMax from the first byte of an answer to its last
 * @param warmUpMax how long a service asks itself before it is ready
 * @param connectionsMax open at once
 * @param connectionsPerAddressMax of them from one address
 */
public record TrafficSettings(
        Duration timeMax,
        Duration waitTarget,
        Duration waitMax,
        boolean degrade,
        Duration receiveMax,
        Duration sendMax,
        Duration warmUpMax,
        int connectionsMax,
        int connectionsPerAddressMax) {

    public static final TrafficSettings DEFAULT = new TrafficSettings(
            Duration.ofSeconds(60),
            Duration.ofMillis(60),
            Duration.ofSeconds(1),
            true,
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            Duration.ofSeconds(10),
            4_096,
            2_048);

    public TrafficSettings {
        time("time-max", timeMax);
        time("wait-target", waitTarget);
        time("wait-max", waitMax);
        time("receive-max", receiveMax);
        time("send-max", sendMax);
        time("warm-up-max", warmUpMax);
        ServiceSettings.range("connections-max", connectionsMax, 16, 1_000_000);
        ServiceSettings.range("connections-per-address-max", connectionsPerAddressMax, 1, 1_000_000);
    }

    public ComputePermits.Bounds waits() {
        return new ComputePermits.Bounds(waitTarget, waitMax, degrade);
    }

    private static void time(String key, Duration value) {
        ServiceSettings.check(
                value.isPositive() && value.compareTo(Duration.ofHours(1)) <= 0,
                "%s must be above 0 and at most 1h: %s ms".formatted(key, value.toMillis()));
    }
}
