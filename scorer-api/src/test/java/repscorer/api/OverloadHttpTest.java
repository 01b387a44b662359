package repscorer.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import repscorer.core.request.Budget;
import repscorer.core.request.ComputePermits;
import repscorer.core.request.Priority;

/** A service whose only turn somebody has. */
@Timeout(120)
@SuppressWarnings("NullAway.Init")
class OverloadHttpTest {

    private static final String QUERY = """
            {"surface": "follow", "source": {"id": "user:1"}, "k": 3}""";

    private static TestService service;

    private ComputePermits permits;
    private ComputePermits.Permit taken;
    private final List<Thread> waiting = new ArrayList<>();

    @BeforeAll
    static void start() {
        service = TestService.start(
                TestService.newDirectory(),
                options -> options.withSetting("searches-max", "1")
                        .withSetting("traffic.wait-target", "1ms")
                        .withSetting("traffic.wait-max", "20s"));
        service.publish("one", 1);
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @BeforeEach
    void takeTheTurn() {
        permits = service.running.context.getBean(ComputePermits.class);
        taken = permits.take(Budget.of(Duration.ofMinutes(10)), Priority.NORMAL);
    }

    @AfterEach
    void giveItBack() throws InterruptedException {
        taken.close();
        for (Thread thread : waiting) {
            thread.join();
        }
    }

    /** As many requests as may always wait. */
    private void fill() throws InterruptedException {
        for (int i = 0; i < 2; i++) {
            waiting.add(Thread.ofVirtual()
                    .start(() -> assertThat(
                                    service.http.post("/v1/candidates", QUERY).status())
                            .isEqualTo(200)));
        }
        while (permits.queued() < 2) {
            Thread.sleep(5);
        }
    }

    private static double metric(String name, String... tags) {
        String text = service.http.get("/actuator/prometheus").text();
        StringBuilder pattern = new StringBuilder("(?m)^" + name + "\\{");
        for (String tag : tags) {
            pattern.append("[^}]*").append(Pattern.quote(tag));
        }
        Matcher line = Pattern.compile(pattern + "[^}]*\\} (\\S+)$").matcher(text);
        return line.find() ? Double.parseDouble(line.group(1)) : 0;
    }

    @Test
    @DisplayName("S14: what would wait too long is refused as it comes, with a problem and when to come back")
    void refuses() throws Exception {
        fill();
        double before = metric("repscorer_requests_total", "outcome=\"refused\"", "reason=\"too-many-searches\"");

        Http.Answer refused = service.http.post("/v1/candidates", QUERY);

        assertThat(refused.problem()).isEqualTo("503 too-many-searches -");
        assertThat(refused.type()).isEqualTo("application/problem+json");
        assertThat(refused.header("Retry-After")).isEqualTo("1");
        assertThat(refused.header("Content-Length")).isNotEmpty();
        assertThat(metric("repscorer_requests_total", "outcome=\"refused\"", "reason=\"too-many-searches\""))
                .isEqualTo(before + 1);
        assertThat(metric("repscorer_requests_queued")).isEqualTo(2);
    }

    @Test
    @DisplayName("S39: a refusal does not wait for the body of what it refuses")
    void refusesBeforeTheBody() throws Exception {
        fill();
        try (RawCall call = new RawCall(service.running.uri())) {
            call.send(RawCall.head("/v1/candidates", 4_000_000, ""));
            assertThat(call.answer()).startsWith("HTTP/1.1 503").contains("too-many-searches");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/scores",
                "/v1/scores/pairs",
                "/v1/scores/matrix",
                "/v1/why-not",
                "/v1/features/engagement",
                "/v1/embeddings/twhin-user"
            })
    @DisplayName("S14: every question is refused, whatever it costs")
    void refusesEveryQuestion(String path) throws Exception {
        fill();
        assertThat(service.http.post(path, "{}").problem()).isEqualTo("503 too-many-searches -");
    }

    @Test
    @DisplayName("S14: readers of what there is are refused too, administrators and probes are not")
    void letsAdministratorsIn() throws Exception {
        fill();
        assertThat(service.http.get("/v1/spaces").problem()).isEqualTo("503 too-many-searches -");
        assertThat(service.http.get("/v1/embeddings/twhin-user/user:1").status())
                .isEqualTo(503);
        Http.Answer signals = service.http.send(
                "POST",
                "/v1/signals",
                BodyPublishers.ofString("""
                        {"signals": [{"user": "user:1", "type": "fav", "entity": "tweet:1"}]}"""),
                List.of("Content-Type", "application/json", "Authorization", "Bearer " + Http.TOKEN));
        assertThat(signals.status()).isEqualTo(200);
        assertThat(service.http.change("/v1/spaces/twhin-user/compact").status())
                .isEqualTo(200);
        assertThat(service.http.get("/actuator/health/readiness").status()).isEqualTo(200);
    }

    @Test
    @DisplayName("S31: probes and metrics have a port of their own, and nothing else is on it")
    void answersProbesOnTheirOwnPort() throws Exception {
        fill();
        Http management = new Http(service.running.managementUri());
        assertThat(service.running.managementUri()).isNotEqualTo(service.running.uri());
        assertThat(management.get("/actuator/health/liveness").status()).isEqualTo(200);
        assertThat(management.get("/actuator/health/readiness").status()).isEqualTo(200);
        assertThat(management.get("/actuator/prometheus").text()).contains("repscorer_requests_total");
        assertThat(management.get("/v1/spaces").problem()).isEqualTo("404 unknown-route -");
        assertThat(management.post("/v1/candidates", QUERY).status()).isEqualTo(404);
        assertThat(management.get("/swagger-ui.html").status()).isEqualTo(404);
        assertThat(management.get("/v1/../actuator/health").status()).isNotEqualTo(500);
    }

    @Test
    @DisplayName("S14: a request's own deadline ends its wait, long before the service would")
    void theDeadlineEndsTheWait() {
        long asked = System.nanoTime();
        Http.Answer late = service.http.send(
                "POST",
                "/v1/candidates",
                BodyPublishers.ofString(QUERY),
                List.of("Content-Type", "application/json", "X-Request-Deadline-Ms", "300"));
        assertThat(late.problem()).isEqualTo("503 deadline-passed -");
        assertThat(late.header("Retry-After")).isEqualTo("1");
        assertThat(Duration.ofNanos(System.nanoTime() - asked))
                .isBetween(Duration.ofMillis(100), Duration.ofSeconds(10));
        assertThat(metric("repscorer_requests_total", "outcome=\"refused\"", "reason=\"deadline-passed\""))
                .isPositive();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "1.5", "soon", "99999999999999999999"})
    @DisplayName("S14: a deadline that is none is told")
    void aDeadlineThatIsNone(String deadline) {
        taken.close();
        Http.Answer answer = service.http.send(
                "POST",
                "/v1/candidates",
                BodyPublishers.ofString(QUERY),
                List.of("Content-Type", "application/json", "X-Request-Deadline-Ms", deadline));
        assertThat(answer.problem()).isEqualTo("400 malformed-deadline X-Request-Deadline-Ms");
        assertThat(answer.detail()).contains("'" + deadline + "'");
    }

    @Test
    @DisplayName("what says that it can come back later is refused before what says nothing")
    void refusesLowPriorityFirst() throws Exception {
        List<String> low = List.of("Content-Type", "application/json", "X-Request-Priority", "low");
        Http.Answer refused = service.http.send("POST", "/v1/candidates", BodyPublishers.ofString(QUERY), low);
        assertThat(refused.problem()).isEqualTo("503 too-many-searches -");
        fill(); // with those that say nothing
        taken.close();
        for (Thread thread : waiting) {
            thread.join();
        }
        assertThat(service.http
                        .send("POST", "/v1/candidates", BodyPublishers.ofString(QUERY), low)
                        .status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "urgent", "1", "high,low"})
    void aPriorityThatIsNoneIsTold(String priority) {
        taken.close();
        Http.Answer answer = service.http.send(
                "POST",
                "/v1/candidates",
                BodyPublishers.ofString(QUERY),
                List.of("Content-Type", "application/json", "X-Request-Priority", priority));
        assertThat(answer.problem()).isEqualTo("400 unknown-priority X-Request-Priority");
        assertThat(answer.detail()).contains("'" + priority + "'");
    }

    @Test
    @DisplayName("S14: a computation ends where its request has no time left")
    void computationsEndWithTheirTime() {
        taken.close();
        String ids =
                IntStream.range(0, 300).mapToObj(i -> "\"user:" + i % 40 + "\"").collect(Collectors.joining(","));
        String matrix = """
                {"similarity": "cosine", "sourceSpace": "twhin-user", "candidateSpace": "twhin-user",
                 "sources": [%s], "candidates": [%s]}""".formatted(ids, ids);
        assertThat(service.http.post("/v1/scores/matrix", matrix).status()).isEqualTo(200);
        Http.Answer late = service.http.send(
                "POST",
                "/v1/scores/matrix",
                BodyPublishers.ofString(matrix),
                List.of("Content-Type", "application/json", "X-Request-Deadline-Ms", "1"));
        assertThat(late.problem()).isEqualTo("503 deadline-passed -");
    }

    @Test
    @DisplayName("metrics tell with how much effort is sought now")
    void tellsTheEffort() {
        assertThat(service.http.get("/actuator/prometheus").text())
                .containsPattern("(?m)^repscorer_effort\\{[^}]*\\} (1\\.0|0\\.\\d+)$")
                .containsPattern("(?m)^repscorer_requests_degraded_total\\{[^}]*\\} \\d+\\.0$");
    }

    @Test
    @DisplayName("S14: what its caller left is not computed, and counted apart from answers")
    void abandons() throws Exception {
        double answers = metric("repscorer_answers_total", "route=\"candidates\"", "surface=\"follow\"");
        double abandoned = metric("repscorer_requests_total", "outcome=\"abandoned\"", "reason=\"queued\"");
        try (RawCall call = new RawCall(service.running.uri())) {
            call.post("/v1/candidates", QUERY);
            while (permits.queued() == 0) {
                Thread.sleep(5);
            }
        }
        Thread.sleep(100);
        taken.close();
        while (metric("repscorer_requests_total", "outcome=\"abandoned\"", "reason=\"queued\"") == abandoned) {
            Thread.sleep(20);
        }
        assertThat(metric("repscorer_answers_total", "route=\"candidates\"", "surface=\"follow\""))
                .isEqualTo(answers);
        assertThat(service.http.post("/v1/candidates", QUERY).status()).isEqualTo(200);
        assertThat(metric("repscorer_requests_wait_seconds_count")).isPositive();
    }
}
