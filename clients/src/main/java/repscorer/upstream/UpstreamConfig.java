package repscorer.upstream;

import static java.util.Objects.requireNonNullElseGet;

import java.net.URI;
import java.time.Duration;
import repscorer.resilience.ResilienceConfig;
import repscorer.resilience.Setting;
import repscorer.resilience.UrlPath;

/**
 * How embeddings are fetched from an upstream service. Keys in configuration are the names in kebab-case, such as
 * {@code cache.found-ttl}; a key left out takes its default, but {@code base} must be there.
 *
 * @param base the service's address, such as {@code http://embeddings:8080}
 * @param fetchBudget for one fetch with its repeats, 1 ms to 10 min; 2 s. A caller waits no longer than its own budget, the
 *     fetch goes on for the next one
 * @param fetchesMax fetches under way at once, those waiting for their turn included, 1 to 100,000; 1,024
 */
public record UpstreamConfig(URI base, Duration fetchBudget, Integer fetchesMax, Cache cache, ResilienceConfig http) {

    private static final Duration MILLI = Duration.ofMillis(1);

    @SuppressWarnings("NullAway") // a configuration binder hands over what is absent as null
    public UpstreamConfig {
        if (base == null) {
            throw new IllegalArgumentException("base must be there: the address of the upstream service");
        }
        UrlPath.checkBase("base", base);
        fetchBudget =
                Setting.duration("fetch-budget", fetchBudget, Duration.ofSeconds(2), MILLI, Duration.ofMinutes(10));
        fetchesMax = Setting.integer("fetches-max", fetchesMax, 1_024, 1, 100_000);
        cache = requireNonNullElseGet(cache, Cache::defaults);
        http = requireNonNullElseGet(http, ResilienceConfig::defaults);
    }

    /** Every setting but the address at its default. */
    @SuppressWarnings("NullAway") // absent on purpose: the constructor puts the defaults in
    public static UpstreamConfig of(URI base) {
        return new UpstreamConfig(base, null, null, null, null);
    }

    /**
     * How long answers are kept. Each time is shortened by a random share up to the jitter, so that what was fetched together
     * is not renewed together.
     *
     * @param foundTtl how old an embedding may get, 1 ms to 30 d; 10 min
     * @param refreshAfter from this age on an embedding is renewed in the background while it is still answered, 1 ms to
     *     foundTtl, which means never; half of foundTtl
     * @param refreshPause after a renewal that failed, 1 ms to 1 h; 1 s
     * @param missingTtl how long it is believed that there is none, 1 ms to 1 d; 30 s
     * @param jitterPercent 0 to 90; 10
     * @param bytesMax of all kept answers, estimated, 1 KiB to 2 GiB - 1 B; 256 MiB
     */
    public record Cache(
            Duration foundTtl,
            Duration refreshAfter,
            Duration refreshPause,
            Duration missingTtl,
            Integer jitterPercent,
            Integer bytesMax) {

        public Cache {
            foundTtl =
                    Setting.duration("cache.found-ttl", foundTtl, Duration.ofMinutes(10), MILLI, Duration.ofDays(30));
            refreshAfter =
                    Setting.duration("cache.refresh-after", refreshAfter, foundTtl.dividedBy(2), MILLI, foundTtl);
            refreshPause = Setting.duration(
                    "cache.refresh-pause", refreshPause, Duration.ofSeconds(1), MILLI, Duration.ofHours(1));
            missingTtl = Setting.duration(
                    "cache.missing-ttl", missingTtl, Duration.ofSeconds(30), MILLI, Duration.ofDays(1));
            jitterPercent = Setting.integer("cache.jitter-percent", jitterPercent, 10, 0, 90);
            bytesMax = Setting.integer("cache.bytes-max", bytesMax, 256 << 20, 1 << 10, Integer.MAX_VALUE);
        }

        /** Every setting at its default. */
        @SuppressWarnings("NullAway") // absent on purpose: the constructor puts the defaults in
        public static Cache defaults() {
            return new Cache(null, null, null, null, null, null);
        }
    }
}
