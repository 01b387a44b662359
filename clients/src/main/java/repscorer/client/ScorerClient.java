package repscorer.client;

import java.io.FileNotFoundException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import repscorer.client.Calls.Call;
import repscorer.json.WireJson;
import repscorer.resilience.Repeat;
import repscorer.resilience.ResilienceConfig;
import repscorer.resilience.ResilientHttp;
import repscorer.resilience.UrlPath;
import repscorer.wire.AssignmentsResponse;
import repscorer.wire.CandidatesRequest;
import repscorer.wire.CandidatesResponse;
import repscorer.wire.ComparisonResponse;
import repscorer.wire.ConfigBody;
import repscorer.wire.EmbeddingsRequest;
import repscorer.wire.EmbeddingsResponse;
import repscorer.wire.EngagementRequest;
import repscorer.wire.EngagementResponse;
import repscorer.wire.ExperimentBody;
import repscorer.wire.MatrixRequest;
import repscorer.wire.MatrixResponse;
import repscorer.wire.PairsRequest;
import repscorer.wire.PairsResponse;
import repscorer.wire.ReleaseBody;
import repscorer.wire.ScoresRequest;
import repscorer.wire.ScoresResponse;
import repscorer.wire.SignalsRequest;
import repscorer.wire.SignalsResponse;
import repscorer.wire.SignalsTakenResponse;
import repscorer.wire.SpaceBody;
import repscorer.wire.SpaceReportBody;
import repscorer.wire.SpaceVersionBody;
import repscorer.wire.StagedBody;
import repscorer.wire.SurfaceBody;
import repscorer.wire.WhyNotRequest;
import repscorer.wire.WhyNotResponse;

/**
 * Calls the service. Blocks the calling thread, which may be virtual; safe for concurrent use; one per service is enough.
 *
 * <pre>{@code
 * try (ScorerClient scorer = ScorerClient.builder(URI.create("http://localhost:8080"))
 *         .readTimeout(Duration.ofMillis(300))
 *         .build()) {
 *     CandidatesResponse answer = scorer.candidates(
 *             new CandidatesRequest("follow", SourceBody.of("user:12"), 10, null, null, null, null));
 *     answer.candidates().forEach(c -> System.out.println(c.rank() + " " + c.id() + " " + c.score()));
 * } catch (ScorerClientException.Refused e) {
 *     System.err.println(e.problem().detail());
 * }
 * }</pre>
 *
 * <p>Every call throws {@link ScorerClientException.Refused}, {@link ScorerClientException.Unavailable} or
 * {@link ScorerClientException.Broken} where it has no answer. A read whose connection cannot be made or is lost is tried once
 * more; a call that changes something is sent once.
 */
public final class ScorerClient implements AutoCloseable {

    private static final String JSON = "application/json";

    final Builder settings;
    private final ResilientHttp http;
    final Calls calls;
    final Headers headers;

    private ScorerClient(Builder settings) {
        this.settings = settings;
        this.headers = new Headers(
                settings.userAgent, settings.readTimeout, settings.priority, settings.adminToken, settings.key);
        this.http = new ResilientHttp("scorer", settings.resilience());
        this.calls = new Calls(http);
    }

    /** @param base the address of the service, such as {@code http://localhost:8080}; a path in it is kept */
    public static Builder builder(URI base) {
        return new Builder(base);
    }

    /** Ranked candidates for a source. */
    public CandidatesResponse candidates(CandidatesRequest request) {
        return calls.one(post(url("/v1/candidates"), request), CandidatesResponse.class);
    }

    /** Why an id is not among a request's candidates. */
    public WhyNotResponse whyNot(WhyNotRequest request) {
        return calls.one(post(url("/v1/why-not"), request), WhyNotResponse.class);
    }

    /** Scores of named candidates, as many as were asked for and in their order. */
    public ScoresResponse scores(ScoresRequest request) {
        return calls.one(post(url("/v1/scores"), request), ScoresResponse.class);
    }

    /** Scores of pairs, as many as were asked for and in their order. */
    public PairsResponse pairs(PairsRequest request) {
        return calls.one(post(url("/v1/scores/pairs"), request), PairsResponse.class);
    }

    /** Scores of every source with every candidate. */
    public MatrixResponse matrix(MatrixRequest request) {
        return calls.one(post(url("/v1/scores/matrix"), request), MatrixResponse.class);
    }

    /** Recent-engagement features of candidates for a user. */
    public EngagementResponse engagement(EngagementRequest request) {
        return calls.one(post(url("/v1/features/engagement"), request), EngagementResponse.class);
    }

    /** Has the service keep what users did, all or none. Needs the admin token. */
    public SignalsTakenResponse pushSignals(SignalsRequest request) {
        HttpRequest.Builder post = headers.admin(url("/v1/signals"))
                .header("Content-Type", JSON)
                .POST(BodyPublishers.ofByteArray(WireJson.write(request)));
        // Of two signals of one type about one entity the later stays, so that a repeat does no harm.
        return calls.one(
                new Call(post.build(), Repeat.ON_LOST_CONNECTION, settings.readTimeout), SignalsTakenResponse.class);
    }

    /** What a user did, latest first. Needs the admin token. */
    public SignalsResponse signals(String user) {
        HttpRequest get = headers.admin(url("/v1/signals").segment(user)).GET().build();
        return calls.one(new Call(get, Repeat.ON_LOST_CONNECTION, settings.readTimeout), SignalsResponse.class);
    }

    /** One embedding of the live release. */
    public EmbeddingsResponse embedding(String space, String id) {
        return calls.one(get(url("/v1/embeddings").segment(space).segment(id)), EmbeddingsResponse.class);
    }

    /** One embedding of a named release. */
    public EmbeddingsResponse embedding(String space, String id, String release) {
        UrlPath url = url("/v1/embeddings").segment(space).segment(id).query("release", release);
        return calls.one(get(url), EmbeddingsResponse.class);
    }

    /** Several embeddings of one space, in the order asked for. */
    public EmbeddingsResponse embeddings(String space, EmbeddingsRequest request) {
        return calls.one(post(url("/v1/embeddings").segment(space), request), EmbeddingsResponse.class);
    }

    /** The declared spaces. */
    public List<SpaceBody> spaces() {
        return calls.list(get(url("/v1/spaces")), SpaceBody.class);
    }

    /** What the live version of a space is made of. */
    public SpaceReportBody space(String space) {
        return calls.one(get(url("/v1/spaces").segment(space)), SpaceReportBody.class);
    }

    /** The versions of a space that the service holds. */
    public List<SpaceVersionBody> versions(String space) {
        return calls.list(get(url("/v1/spaces").segment(space).path("/versions")), SpaceVersionBody.class);
    }

    public List<ReleaseBody> releases() {
        return calls.list(get(url("/v1/releases")), ReleaseBody.class);
    }

    public List<SurfaceBody> surfaces() {
        return calls.list(get(url("/v1/surfaces")), SurfaceBody.class);
    }

    public List<ExperimentBody> experiments() {
        return calls.list(get(url("/v1/experiments")), ExperimentBody.class);
    }

    /** The configuration in force. */
    public ConfigBody config() {
        return calls.one(get(url("/v1/config")), ConfigBody.class);
    }

    /** Puts into force what the service's files hold now; nothing is changed where one is refused. Needs the admin token. */
    public ConfigBody reloadConfig() {
        HttpRequest post = headers.admin(url("/v1/config/reload"))
                .POST(BodyPublishers.noBody())
                .build();
        return calls.one(new Call(post, Repeat.ON_LOST_CONNECTION, settings.readTimeout), ConfigBody.class);
    }

    /** The variants a unit is in. */
    public AssignmentsResponse assignments(String unit) {
        return calls.one(get(url("/v1/experiments/assignments").query("unit", unit)), AssignmentsResponse.class);
    }

    /**
     * Uploads the embedding file of a space for a release that is not published yet. The file is streamed, not read into
     * memory, within the upload timeout.
     *
     * @throws IllegalArgumentException where there is no such file
     */
    public StagedBody stage(String release, String space, Path file) {
        BodyPublisher body;
        try {
            body = BodyPublishers.ofFile(file);
        } catch (FileNotFoundException e) {
            throw new IllegalArgumentException("no such file: %s".formatted(file), e);
        }
        HttpRequest.Builder request = headers.admin(
                        url("/v1/releases").segment(release).path("/files").segment(space))
                .header("Content-Type", "application/octet-stream")
                .PUT(body);
        return calls.one(new Call(request.build(), Repeat.NEVER, settings.uploadTimeout), StagedBody.class);
    }

    /** Builds, checks and publishes what is staged, within the upload timeout. It may lack no space of the live release. */
    public ReleaseBody publish(String release) {
        return publish(release, false, List.of());
    }

    /**
     * The same of a release that lacks spaces of the live one.
     *
     * @param partial whether it may go live without them
     * @param carry those that are carried over from the live release with all their changes; {@code *} for every one
     */
    public ReleaseBody publish(String release, boolean partial, List<String> carry) {
        return change(missing(release(release, "/publish"), partial, carry));
    }

    /** The same but for going live: it answers requests that name it until it is {@linkplain #promote promoted} or deleted. */
    public ReleaseBody publishStaged(String release, boolean partial, List<String> carry) {
        return change(missing(release(release, "/publish").query("stage", "true"), partial, carry));
    }

    /** Puts a release live that was published staged; with neither, what was said then becomes of spaces that it lacks. */
    public ReleaseBody promote(String release, boolean partial, List<String> carry) {
        return change(missing(release(release, "/promote"), partial, carry));
    }

    private static UrlPath missing(UrlPath url, boolean partial, List<String> carry) {
        return new Promotions.Terms(partial, carry, false, "").in(url);
    }

    /** How releases go live, past their gates too. Needs the admin token. */
    public Promotions promotions() {
        return new Promotions(calls, headers, settings.base, settings.uploadTimeout);
    }

    /** Keeps a release until it is unpinned, or no longer. */
    public ReleaseBody pin(String release, boolean pinned) {
        HttpRequest.Builder request = headers.admin(release(release, "/pin"));
        HttpRequest sent = (pinned ? request.POST(BodyPublishers.noBody()) : request.DELETE()).build();
        return calls.one(new Call(sent, Repeat.NEVER, settings.uploadTimeout), ReleaseBody.class);
    }

    /** Deletes a kept or staged release, or the record of a rejected one. */
    public void delete(String release) {
        HttpRequest request = headers.admin(release(release, "")).DELETE().build();
        calls.nothing(new Call(request, Repeat.NEVER, settings.uploadTimeout));
    }

    /**
     * How one release differs from another, within the upload timeout. Needs the admin token.
     *
     * @param sample ids that are drawn from each space
     * @param sources that each surface is asked for
     * @param seed of the draws
     */
    public ComparisonResponse compare(String a, String b, int sample, int sources, long seed) {
        UrlPath url = release(a, "/compare")
                .segment(b)
                .query("sample", Integer.toString(sample))
                .query("sources", Integer.toString(sources))
                .query("seed", Long.toString(seed));
        HttpRequest get = headers.admin(url).GET().build();
        return calls.one(new Call(get, Repeat.ON_LOST_CONNECTION, settings.uploadTimeout), ComparisonResponse.class);
    }

    /** Fits, lists and deletes alignments between releases. Needs the admin token. */
    public Alignments alignments() {
        return new Alignments(calls, headers, settings.base, settings.uploadTimeout);
    }

    /** Makes a kept release live again. */
    public ReleaseBody rollBack(String release) {
        return change(release(release, "/roll-back"));
    }

    /** Whether the service says that it is ready; false too where it cannot be reached, so that one can wait for it. */
    public boolean ready() {
        return calls.isOk(get(url("/actuator/health/readiness")));
    }

    /** Breaks off running calls and lets connections go. */
    @Override
    public void close() {
        http.close();
    }

    private ReleaseBody change(UrlPath url) {
        HttpRequest.Builder request = headers.admin(url).POST(BodyPublishers.noBody());
        return calls.one(new Call(request.build(), Repeat.NEVER, settings.uploadTimeout), ReleaseBody.class);
    }

    Call get(UrlPath url) {
        return new Call(headers.question(url).GET().build(), Repeat.ON_LOST_CONNECTION, settings.readTimeout);
    }

    /** A question that needs a body; it changes nothing. */
    private Call post(UrlPath url, Record body) {
        HttpRequest.Builder request = headers.question(url)
                .header("Content-Type", JSON)
                .POST(BodyPublishers.ofByteArray(WireJson.write(body)));
        return new Call(request.build(), Repeat.ON_LOST_CONNECTION, settings.readTimeout);
    }

    private UrlPath release(String name, String verb) {
        return url("/v1/releases").segment(name).path(verb);
    }

    UrlPath url(String path) {
        return UrlPath.of(settings.base).path(path);
    }

    /** Whose turn comes first where many requests wait. */
    public enum Priority {
        /** Somebody looks at a screen meanwhile. */
        HIGH,
        NORMAL,
        /** It can come back later, and is refused first. */
        LOW
    }

    /** The settings of a client. Every setter checks its value; each has a default but the address. */
    public static final class Builder {

        private static final Duration MILLI = Duration.ofMillis(1);

        private final URI base;
        private Duration connectTimeout = Duration.ofSeconds(1);
        Duration readTimeout = Duration.ofSeconds(5);
        Duration uploadTimeout = Duration.ofMinutes(10);
        private int responseBytesMax = 64 << 20;
        private String userAgent = "repscorer-client";
        private Optional<Priority> priority = Optional.empty();
        private Optional<String> adminToken = Optional.empty();
        private Optional<String> key = Optional.empty();

        private Builder(URI base) {
            UrlPath.checkBase("base", base);
            this.base = base;
        }

        /** Until a connection stands, 1 ms to 1 min; 1 s. */
        public Builder connectTimeout(Duration timeout) {
            connectTimeout = bounded("connectTimeout", timeout, Duration.ofMinutes(1));
            return this;
        }

        /** For one read with its repeat, until the last byte, 1 ms to 10 min; 5 s. The service is told, and gives up by then. */
        public Builder readTimeout(Duration timeout) {
            readTimeout = bounded("readTimeout", timeout, Duration.ofMinutes(10));
            return this;
        }

        /** For an upload, another change of releases or their comparison, 1 ms to 1 h; 10 min. */
        public Builder uploadTimeout(Duration timeout) {
            uploadTimeout = bounded("uploadTimeout", timeout, Duration.ofHours(1));
            return this;
        }

        /** The largest answer that is read, in bytes; 64 MiB. */
        public Builder responseBytesMax(int bytes) {
            if (bytes < 1) {
                throw new IllegalArgumentException("responseBytesMax must be at least 1: %s".formatted(bytes));
            }
            responseBytesMax = bytes;
            return this;
        }

        /** Sent as a bearer token with changes and comparisons of releases, signals and questions for signals, and with nothing else. */
        public Builder adminToken(String token) {
            adminToken = Optional.of(bearer("an admin token", token));
            return this;
        }

        /** Sent as a bearer token with every call; where an admin token is given, that goes out in its place where it is needed. */
        public Builder key(String text) {
            key = Optional.of(bearer("a key", text));
            return this;
        }

        private static String bearer(String what, String text) {
            if (text.isBlank() || !text.chars().allMatch(c -> c > ' ' && c < 127)) {
                throw new IllegalArgumentException(what + " is visible ASCII without spaces");
            }
            return text;
        }

        /** How the caller names itself; {@code repscorer-client}. */
        public Builder userAgent(String name) {
            if (name.isBlank() || !name.chars().allMatch(c -> c >= ' ' && c < 127)) {
                throw new IllegalArgumentException("a user agent is printable ASCII: '%s'".formatted(name));
            }
            userAgent = name;
            return this;
        }

        /** Whose turn comes first where many wait; nothing is said of it without this. */
        public Builder priority(Priority whose) {
            priority = Optional.of(whose);
            return this;
        }

        public ScorerClient build() {
            return new ScorerClient(new Builder(this));
        }

        /** A copy, so that a client keeps the settings it was built with. */
        private Builder(Builder other) {
            base = other.base;
            connectTimeout = other.connectTimeout;
            readTimeout = other.readTimeout;
            uploadTimeout = other.uploadTimeout;
            responseBytesMax = other.responseBytesMax;
            userAgent = other.userAgent;
            priority = other.priority;
            adminToken = other.adminToken;
            key = other.key;
        }

        /** Two attempts, no breaker: a caller wants to see each failure; the budget of the call is its timeout. */
        private ResilienceConfig resilience() {
            return new ResilienceConfig(
                    connectTimeout,
                    Duration.ofHours(1),
                    Math.min(responseBytesMax, 1 << 30),
                    new ResilienceConfig.Retry(2, Duration.ofMillis(10), Duration.ofMillis(50)),
                    ResilienceConfig.Breaker.disabled(),
                    new ResilienceConfig.Bulkhead(10_000, Duration.ZERO));
        }

        private static Duration bounded(String name, Duration value, Duration max) {
            if (value.compareTo(MILLI) < 0 || value.compareTo(max) > 0) {
                throw new IllegalArgumentException("%s must be %s to %s: %s".formatted(name, MILLI, max, value));
            }
            return value;
        }
    }
}
