package repscorer.resilience;

import java.util.Map;

/**
 * What a {@link ResilientHttp} has done so far.
 *
 * @param breaker closed, open, half-open or disabled
 * @param running attempts on their way now
 * @param calls asked for since the start
 * @param attempts let through since the start, first ones and repeats
 * @param failures calls that ended without an answer, by cause; causes not seen are absent
 */
public record ResilienceStats(
        String name, String breaker, int running, long calls, long attempts, Map<FailureCause, Long> failures) {

    public ResilienceStats {
        failures = Map.copyOf(failures);
    }
}
