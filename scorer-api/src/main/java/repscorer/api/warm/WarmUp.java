package repscorer.api.warm;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.stereotype.Component;
import repscorer.api.config.HttpSettings;
import repscorer.api.config.ServiceConfig;
import repscorer.api.config.ServiceSettings;
import repscorer.api.engine.LiveConfig;
import repscorer.core.plan.ColumnPlan;
import repscorer.core.plan.ScoringPlan;
import repscorer.core.store.RepresentationStore;
import repscorer.core.store.Snapshot;
import repscorer.core.store.SpaceVersion;
import repscorer.wire.CandidatesRequest;
import repscorer.wire.ScoresRequest;
import repscorer.wire.SourceBody;
import repscorer.wire.WhyNotRequest;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Asks the service itself, over its own port, for every surface and with the live release's own sources, until it grows no
 * quicker or its time is over: classes are loaded, code is compiled, and what a release derives at a first request is there. Safe
 * for concurrent use.
 */
@Component
public final class WarmUp implements ApplicationRunner {

    private static final Logger LOG = LoggerFactory.getLogger(WarmUp.class);
    private static final JsonMapper JSON = JsonMapper.shared();

    /** Before a service is ready for the first time; a release that follows another finds most of it done. */
    private static final int PASSES_MIN = 5;

    private static final int PASSES_MAX = 100;

    /** A pass that takes this share of the one before shows that there is little to gain. */
    private static final double STEADY = 0.9;

    private static final int CANDIDATES_MAX = 100;

    private final RepresentationStore store;
    private final LiveConfig live;
    private final ServiceSettings settings;
    private final ServletWebServerApplicationContext context;
    private volatile boolean done;

    WarmUp(
            RepresentationStore store,
            LiveConfig live,
            ServiceConfig config,
            ServletWebServerApplicationContext context) {
        this.store = store;
        this.live = live;
        this.settings = config.settings();
        this.context = context;
    }

    /** Whether a release was asked since the start; from then on the service counts as warm. */
    public boolean isDone() {
        return done;
    }

    /** At the start, before Spring says that requests are welcome. */
    @Override
    public void run(ApplicationArguments arguments) {
        run();
    }

    /** Warms up for the release that is live, if there is one; takes the time that settings allow at most. */
    public void run() {
        Snapshot snapshot = store.current();
        if (snapshot.isEmpty()) {
            return;
        }
        Duration max = settings.traffic().warmUpMax();
        long begun = System.nanoTime();
        int passesMin = done ? 1 : PASSES_MIN;
        int passes = 0;
        try (HttpClient http = client()) {
            long deadline = begun + max.toNanos();
            long before = Long.MAX_VALUE;
            for (; passes < PASSES_MAX && System.nanoTime() < deadline; passes++) {
                long passBegun = System.nanoTime();
                for (ScoringPlan plan : live.scorer().plans()) {
                    pass(http, plan, snapshot, passes, deadline);
                }
                long took = System.nanoTime() - passBegun;
                if (passes >= passesMin && took > STEADY * before) {
                    break;
                }
                before = took;
            }
        } catch (IOException e) {
            LOG.warn("the warm-up ended early: {}", e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        done = true;
        LOG.info(
                "warmed up for release {}: {} passes in {} ms",
                snapshot.release(),
                passes,
                (System.nanoTime() - begun) / 1_000_000);
    }

    private HttpClient client() throws IOException {
        HttpClient.Builder builder = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1);
        HttpSettings.Tls tls = settings.http().tls();
        return tls.enabled()
                ? builder.sslContext(OwnCertificate.trusted(Path.of(tls.certificate())))
                        .build()
                : builder.build();
    }

    private boolean isCounted() {
        return settings.decisions().enabled()
                || !live.serving().config().shadows().isEmpty();
    }

    private void pass(HttpClient http, ScoringPlan plan, Snapshot snapshot, int number, long deadline)
            throws IOException, InterruptedException {
        Optional<SourceBody> source = source(plan, snapshot, number);
        if (source.isEmpty()) {
            return;
        }
        String answer = ask(
                http,
                "/v1/candidates",
                // Nobody sees these answers: they are dry runs where answers are kept or compared.
                new CandidatesRequest(
                        plan.surface(), source.get(), null, null, null, null, null, true, isCounted() ? true : null),
                deadline);
        List<String> ids = StreamSupport.stream(
                        JSON.readTree(answer).path("candidates").spliterator(), false)
                .map((JsonNode candidate) -> candidate.path("id").asString())
                .limit(CANDIDATES_MAX)
                .toList();
        if (!ids.isEmpty()) {
            ask(
                    http,
                    "/v1/scores",
                    new ScoresRequest(
                            plan.surface(), null, null, null, null, source.get(), ids, null, null, null, true, null),
                    deadline);
            ask(
                    http,
                    "/v1/why-not",
                    new WhyNotRequest(ids.getLast(), plan.surface(), source.get(), 1, null, null, null, null),
                    deadline);
        }
    }

    /** Another entity of the surface's source spaces each time, spread over their rows. */
    private static Optional<SourceBody> source(ScoringPlan plan, Snapshot snapshot, int number) {
        List<SpaceVersion> spaces = plan.columns().stream()
                .map(ColumnPlan::sources)
                .flatMap(byKind -> byKind.values().stream())
                .distinct()
                .flatMap(space -> snapshot.space(space).stream())
                .filter(version -> version.file().count() > 0)
                .toList();
        if (spaces.isEmpty()) {
            return Optional.empty();
        }
        SpaceVersion space = spaces.get(number % spaces.size());
        int rows = space.file().count();
        return Optional.of(
                SourceBody.of(space.id((int) (number * 7_919L % rows)).toString()));
    }

    private String ask(HttpClient http, String path, Object body, long deadline)
            throws IOException, InterruptedException {
        Duration left = Duration.ofNanos(Math.max(1_000_000, deadline - System.nanoTime()));
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(address().resolve(path))
                        .timeout(left)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(JSON.writeValueAsString(body)))
                        .build(),
                BodyHandlers.ofString());
        return answer.body();
    }

    private URI address() {
        return settings.uri(Objects.requireNonNull(context.getWebServer()).getPort());
    }
}
