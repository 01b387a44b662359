package repscorer.upstream;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import repscorer.json.UnreadableJsonException;
import repscorer.json.WireJson;
import repscorer.resilience.Outcome;
import repscorer.resilience.Repeat;
import repscorer.resilience.ResilienceConfig;
import repscorer.resilience.ResilienceStats;
import repscorer.resilience.ResilientHttp;
import repscorer.resilience.UrlPath;
import repscorer.wire.SignalBody;
import repscorer.wire.SignalsResponse;

/**
 * Reads users' signals from another service that speaks {@code GET /v1/signals/{user}?types=}. Answers are kept for a few
 * seconds, so that the requests of one page read a user once; failures are not kept. Safe for concurrent use.
 */
public final class UpstreamSignals implements AutoCloseable {

    /** How long the reference keeps a user's signals. */
    public static final Duration KEPT_DEFAULT = Duration.ofSeconds(5);

    private static final int USERS_KEPT = 1_000;

    private final URI base;
    private final Optional<String> token;
    private final ResilientHttp http;
    private final Cache<Query, SignalsAnswer.Found> kept;

    private record Query(String user, Set<String> types) {}

    /**
     * @param base the address of the service
     * @param token what it asks for, as a bearer token; empty for none
     * @param keptFor how long an answer is kept; zero keeps none
     */
    public UpstreamSignals(URI base, Optional<String> token, Duration keptFor, ResilienceConfig http) {
        this(base, token, keptFor, http, Ticker.systemTicker());
    }

    UpstreamSignals(URI base, Optional<String> token, Duration keptFor, ResilienceConfig http, Ticker ticker) {
        UrlPath.checkBase("base", base);
        this.base = base;
        this.token = token;
        this.http = new ResilientHttp("upstream-signals", http);
        this.kept = Caffeine.newBuilder()
                .maximumSize(USERS_KEPT)
                .expireAfterWrite(keptFor)
                .ticker(ticker)
                .build();
    }

    /** Reads the signals of a user of several types within a budget. */
    public SignalsAnswer fetch(String user, Set<String> types, Duration budget) {
        Query query = new Query(user, Set.copyOf(types));
        SignalsAnswer.Found known = kept.getIfPresent(query);
        if (known != null) {
            return known;
        }
        HttpRequest.Builder request = HttpRequest.newBuilder(UrlPath.of(base)
                        .path("/v1/signals")
                        .segment(user)
                        .query("types", String.join(",", new TreeSet<>(types)))
                        .toUri())
                .header("Accept", "application/json");
        token.ifPresent(shown -> request.header("Authorization", "Bearer " + shown));
        SignalsAnswer answer = switch (http.call(request.build(), Repeat.ON_FAILURE, budget)) {
            case Outcome.Failed failed ->
                new SignalsAnswer.Unavailable(failed.message(), failed.cause().timedOut());
            case Outcome.Answered answered -> decode(answered, query);
        };
        if (answer instanceof SignalsAnswer.Found found) {
            kept.put(query, found);
        }
        return answer;
    }

    /** Forgets what is kept of all users. */
    public void forget() {
        kept.invalidateAll();
    }

    public ResilienceStats stats() {
        return http.stats();
    }

    @Override
    public void close() {
        http.close();
    }

    private static SignalsAnswer decode(Outcome.Answered answered, Query query) {
        if (answered.status() != 200 || !answered.isJson()) {
            return unusable("status %s, content type '%s'".formatted(answered.status(), answered.mediaType()), query);
        }
        try {
            return check(WireJson.read(answered.body(), SignalsResponse.class), query);
        } catch (UnreadableJsonException e) {
            return unusable(String.valueOf(e.getMessage()), query);
        }
    }

    private static SignalsAnswer check(SignalsResponse response, Query query) {
        if (!response.user().equals(query.user)) {
            return unusable("the answer is of user " + response.user(), query);
        }
        for (int i = 0; i < response.signals().size(); i++) {
            SignalBody signal = response.signals().get(i);
            String type = signal.type();
            if (type == null || signal.entity() == null || !isTime(signal.at())) {
                return unusable("signals[%s] lacks a type, an entity or a time".formatted(i), query);
            }
            if (!query.types.contains(type)) {
                return unusable("signals[%s] is of type %s, which was not asked for".formatted(i, type), query);
            }
        }
        List<SignalBody> latestFirst = response.signals().stream()
                .sorted(Comparator.comparing(UpstreamSignals::time).reversed())
                .toList();
        return new SignalsAnswer.Found(latestFirst);
    }

    private static boolean isTime(@Nullable String text) {
        try {
            return text != null && Instant.parse(text).toEpochMilli() >= 0;
        } catch (DateTimeParseException | ArithmeticException e) {
            return false;
        }
    }

    private static Instant time(SignalBody signal) {
        return Instant.parse(String.valueOf(signal.at()));
    }

    private static SignalsAnswer unusable(String why, Query query) {
        return new SignalsAnswer.Unavailable("unusable answer: %s (signals of %s)".formatted(why, query.user), false);
    }
}
