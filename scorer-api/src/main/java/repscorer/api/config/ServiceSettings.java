package repscorer.api.config;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import org.springframework.util.unit.DataSize;
import repscorer.core.gate.GateOptions;
import repscorer.core.plan.Limits;
import repscorer.core.recall.RecallOptions;
import repscorer.core.store.StoreOptions;
import repscorer.resilience.ResilienceConfig;
import repscorer.upstream.UpstreamConfig;

/**
 * What {@code scorer.yaml} holds: where the service listens, its limits, its store and its upstream.
 *
 * @param address the interface to listen on
 * @param port 0 takes a free one
 * @param managementPort of probes and metrics alone; 0 for the one after the port, or a free one
 * @param shutdownGrace how long requests in flight may take when the service stops
 * @param searchesMax searches that compute at once; 0 for as many as the machine has processors
 * @param configWatch how often files are looked at for a change; zero for never
 * @param http names, proxies, pages of other origins, TLS
 * @param jwt tokens of an issuer that are taken in place of keys
 * @param gates what a release is held to before it goes live
 * @param canary what stops a release that is tried on a share of units
 * @param slowLog which requests are written down as slow
 * @param openfeature the flag system that experiments may ask
 */
public record ServiceSettings(
        String address,
        int port,
        int managementPort,
        Duration shutdownGrace,
        int searchesMax,
        Duration configWatch,
        HttpSettings http,
        JwtSettings jwt,
        TrafficSettings traffic,
        RequestLimits limits,
        Store store,
        GateOptions gates,
        CanarySettings canary,
        DecisionSettings decisions,
        SlowLogSettings slowLog,
        StreamSettings streams,
        RecallOptions liveRecall,
        Upstream upstream,
        OpenFeature openfeature) {

    public static final ServiceSettings DEFAULT = new ServiceSettings(
            "127.0.0.1",
            8080,
            0,
            Duration.ofSeconds(20),
            0,
            Duration.ofSeconds(1),
            HttpSettings.DEFAULT,
            JwtSettings.DEFAULT,
            TrafficSettings.DEFAULT,
            RequestLimits.DEFAULT,
            Store.DEFAULT,
            GateOptions.DEFAULT,
            CanarySettings.DEFAULT,
            DecisionSettings.DEFAULT,
            SlowLogSettings.DEFAULT,
            StreamSettings.DEFAULT,
            RecallOptions.DEFAULT,
            Upstream.DEFAULT,
            OpenFeature.DEFAULT);

    public ServiceSettings {
        check(port >= 0 && port <= 65_535, "port must be 0 to 65535: " + port);
        check(
                managementPort >= 0 && managementPort <= 65_535 && (managementPort == 0 || managementPort != port),
                "management-port must be 0 to 65535, and not the port: " + managementPort);
        check(!shutdownGrace.isNegative(), "shutdown-grace must not be negative: " + shutdownGrace);
        check(searchesMax >= 0 && searchesMax <= 10_000, "searches-max must be 0 to 10000: " + searchesMax);
        check(
                !configWatch.isNegative() && configWatch.compareTo(Duration.ofHours(1)) <= 0,
                "config-watch must be 0s to 1h: " + configWatch);
        check(!address.isBlank(), "address must not be blank");
    }

    /** Where probes and metrics are; 0 for a free port. */
    public int managementPortResolved() {
        return managementPort > 0 || port == 0 ? managementPort : port == 65_535 ? port - 1 : port + 1;
    }

    /** Whether this machine alone reaches the service. */
    public boolean listensOnLoopback() {
        try {
            return InetAddress.getByName(address).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false; // it is told when it is listened on
        }
    }

    /** Whether callers need no key to read. */
    public boolean openReads() {
        return switch (http.openReads()) {
            case LOOPBACK -> listensOnLoopback();
            case EVERYWHERE -> true;
            case NOWHERE -> false;
        };
    }

    /** Where callers on this machine find the port that answers. */
    public URI uri(int listening) {
        return uri(http.tls().enabled() ? "https" : "http", listening);
    }

    /** Where callers on this machine find the port of probes and metrics, which speaks plain HTTP. */
    public URI managementUri(int listening) {
        return uri("http", listening);
    }

    private URI uri(String scheme, int listening) {
        String host = address.equals("0.0.0.0") || address.equals("::") ? "127.0.0.1" : address;
        return URI.create("%s://%s:%s".formatted(scheme, host.contains(":") ? "[" + host + "]" : host, listening));
    }

    /** As many searches at once as asked for, or as the machine has processors. */
    public int searchesMaxResolved() {
        return searchesMax > 0 ? searchesMax : Runtime.getRuntime().availableProcessors();
    }

    /**
     * How much one request may ask for.
     *
     * @param requestBodyMax of a JSON body
     * @param kMax the most candidates a request may ask for
     * @param efMax the longest candidate list a request may ask for
     * @param sourcesMax the most ids a source may be made of
     * @param candidatesMax the most candidates one request may have scored
     * @param excludedMax the most ids one request may exclude
     * @param idsMax the most embeddings one request may read
     * @param answerMax of one answer, in bytes
     */
    public record RequestLimits(
            DataSize requestBodyMax,
            int kMax,
            int efMax,
            int sourcesMax,
            int candidatesMax,
            int excludedMax,
            int idsMax,
            DataSize answerMax) {

        public static final RequestLimits DEFAULT = new RequestLimits(
                DataSize.ofMegabytes(4), // 100,000 excluded ids of 19 digits take 2.8 MB
                Limits.K_MAX,
                Limits.EF_MAX,
                Limits.SOURCES_MAX,
                Limits.CANDIDATES_MAX,
                Limits.EXCLUDED_MAX,
                10_000,
                DataSize.ofMegabytes(64)); // 10,000 vectors of 1,024 values take 40 MB packed

        public RequestLimits {
            range("request-body-max in bytes", requestBodyMax.toBytes(), 1_024, 1L << 30);
            range("k-max", kMax, 1, Limits.K_MAX);
            range("ef-max", efMax, 1, Limits.EF_MAX);
            range("sources-max", sourcesMax, 1, Limits.SOURCES_MAX);
            range("candidates-max", candidatesMax, 1, Limits.CANDIDATES_MAX);
            range("excluded-max", excludedMax, 0, Limits.EXCLUDED_MAX);
            range("ids-max", idsMax, 1, 100_000);
            range("answer-max in bytes", answerMax.toBytes(), 65_536, 1L << 30);
        }
    }

    /**
     * @param releasesKept releases beside the live one that stay ready for a roll-back
     * @param stagedFileMax of one uploaded embedding file
     * @param buildThreads threads that build indexes; 0 for as many as the machine has processors
     * @param sampledRows rows that the recall check of a new version asks for
     * @param compactionChanges from this many streamed changes to a space on they are compacted into a new base
     */
    public record Store(
            int releasesKept, DataSize stagedFileMax, int buildThreads, int sampledRows, int compactionChanges) {

        public static final Store DEFAULT = new Store(
                StoreOptions.DEFAULT.releasesKept(),
                DataSize.ofBytes(StoreOptions.DEFAULT.stagedBytesMax()),
                0,
                StoreOptions.DEFAULT.sampledRows(),
                StoreOptions.DEFAULT.compactionChanges());

        public Store {
            range("releases-kept", releasesKept, 1, 100);
            range("staged-file-max in bytes", stagedFileMax.toBytes(), 1, 1L << 40);
            range("build-threads", buildThreads, 0, 1_024);
            range("sampled-rows", sampledRows, 1, 1_000_000);
            range("compaction-changes", compactionChanges, 1, 10_000_000);
        }

        public StoreOptions options() {
            int threads = buildThreads > 0 ? buildThreads : Runtime.getRuntime().availableProcessors();
            return new StoreOptions(releasesKept, stagedFileMax.toBytes(), threads, sampledRows, compactionChanges);
        }
    }

    /**
     * Where embeddings are asked for that the live release does not hold.
     *
     * @param base the address of a service that speaks {@code GET /v1/embeddings/{space}/{id}}
     * @param budget how long one request waits for the upstream at most, all its sources together
     * @param fetchBudget how long a fetch goes on for the next request, with its repeats
     * @param fetchesMax fetches under way at once
     */
    public record Upstream(
            boolean enabled,
            String base,
            Duration budget,
            Duration fetchBudget,
            int fetchesMax,
            UpstreamConfig.Cache cache,
            ResilienceConfig http) {

        public static final Upstream DEFAULT = of(UpstreamConfig.of(URI.create("http://127.0.0.1:8090")));

        @SuppressWarnings("NullAway") // the binder hands over what is absent as null
        public Upstream {
            check(
                    budget.isPositive() && budget.compareTo(Duration.ofMinutes(10)) <= 0,
                    "budget must be above 0 and at most 10m: %sms".formatted(budget.toMillis()));
            cache = cache == null ? UpstreamConfig.Cache.defaults() : cache;
            http = http == null ? ResilienceConfig.defaults() : http;
            config(base, fetchBudget, fetchesMax, cache, http);
        }

        /** As the client wants it. */
        public UpstreamConfig config() {
            return config(base, fetchBudget, fetchesMax, cache, http);
        }

        private static UpstreamConfig config(
                String base, Duration fetchBudget, int fetchesMax, UpstreamConfig.Cache cache, ResilienceConfig http) {
            return new UpstreamConfig(URI.create(base), fetchBudget, fetchesMax, cache, http);
        }

        private static Upstream of(UpstreamConfig config) {
            return new Upstream(
                    false,
                    config.base().toString(),
                    Duration.ofMillis(300),
                    config.fetchBudget(),
                    config.fetchesMax(),
                    config.cache(),
                    config.http());
        }
    }

    /**
     * A flag system that experiments of {@code bucketing: openfeature} ask.
     *
     * @param provider the class on the class path, without arguments to its constructor, that speaks to it; empty for none
     * @param timeout of one question
     */
    public record OpenFeature(String provider, Duration timeout) {

        public static final OpenFeature DEFAULT = new OpenFeature("", Duration.ofMillis(50));

        public OpenFeature {
            check(
                    timeout.compareTo(Duration.ofMillis(1)) >= 0 && timeout.compareTo(Duration.ofMinutes(1)) <= 0,
                    "timeout must be 1ms to 1m: %sms".formatted(timeout.toMillis()));
        }
    }

    static void range(String key, long value, long min, long max) {
        check(value >= min && value <= max, "%s must be %s to %s: %s".formatted(key, min, max, value));
    }

    static void check(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
