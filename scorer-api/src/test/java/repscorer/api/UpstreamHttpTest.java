package repscorer.api;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.http.Fault;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** A source that the release does not hold is asked for upstream; trouble there degrades the answer and says so. */
class UpstreamHttpTest {

    @TempDir
    static Path directory;

    private static final int ATTEMPTS = 2;

    private static WireMockServer upstream;
    private static TestService service;

    @BeforeAll
    static void start() {
        upstream = new WireMockServer(wireMockConfig().dynamicPort());
        upstream.start();
        service = TestService.start(
                directory,
                options -> options.withSetting("upstream.enabled", "true")
                        .withSetting("upstream.base", upstream.baseUrl())
                        .withSetting("upstream.budget", "1s")
                        .withSetting("upstream.http.retry.attempts-max", Integer.toString(ATTEMPTS))
                        .withSetting("upstream.http.breaker.enabled", "false"));
        service.publish("one", 1);
        // The first exchange loads classes on both sides and takes longer than any budget.
        follow("user:599");
    }

    @AfterAll
    static void stop() {
        service.close();
        upstream.stop();
    }

    @Test
    void aSourceIsFoundUpstream() {
        answerDense("user:501");
        answerSparse("user:501");

        Http.Answer answer = follow("user:501");

        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(answer.json().path("candidates")).hasSize(5);
        assertThat(answer.json().at("/provenance/notices")).isEmpty();
    }

    @Test
    void aSourceThatNobodyKnowsIsNotFound() {
        Http.Answer answer = follow("user:502");

        assertThat(answer.status()).as(answer.text()).isEqualTo(404);
        assertThat(answer.type()).startsWith("application/problem+json");
    }

    /** One column's source is there, the other's is in trouble: the answer comes, by the one, with a notice. */
    @ParameterizedTest
    @CsvSource({"user:511, broken", "user:512, garbage", "user:513, hang-up", "user:514, short", "user:515, foreign"})
    void troubleUpstreamDegradesAndIsTold(String id, String trouble) {
        answerSparse(id);
        upstream.stubFor(get(urlPathEqualTo(path("twhin-user", id)))
                .willReturn(
                        switch (trouble) {
                            case "broken" -> aResponse().withStatus(503);
                            case "garbage" -> json("{\"space\": [");
                            case "hang-up" -> aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER);
                            case "short" -> json(dense(id, 3));
                            default -> json(dense("user:1", ReleaseFixture.DIMENSION));
                        }));

        assertDegraded(follow(id), "twhin", "error");
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"EMPTY_RESPONSE", "CONNECTION_RESET_BY_PEER"})
    @DisplayName("S32: an upstream that closes connections gets as many calls as are set, no more")
    void anUpstreamThatHangsUpIsCalledAsOftenAsSet(Fault fault) {
        String id = "user:516" + fault.ordinal();
        answerSparse(id);
        upstream.stubFor(get(urlPathEqualTo(path("twhin-user", id)))
                .willReturn(aResponse().withFault(fault)));

        Http.Answer answer = follow(id);

        assertDegraded(answer, "twhin", "error");
        assertThat(answer.text()).doesNotContain("Too many retries");
        upstream.verify(ATTEMPTS, getRequestedFor(urlPathEqualTo(path("twhin-user", id))));
    }

    @Test
    void aSlowUpstreamIsWaitedForNoLongerThanTheBudget() {
        answerDense("user:521");
        upstream.stubFor(get(urlPathEqualTo(path("simclusters-interest", "user:521")))
                .willReturn(aResponse().withFixedDelay(5_000).withStatus(200)));

        long before = System.nanoTime();
        Http.Answer answer = follow("user:521");
        long millis = (System.nanoTime() - before) / 1_000_000;

        assertDegraded(answer, "simclusters", "timeout");
        assertThat(millis).isBetween(900L, 4_000L);
    }

    @Test
    void anUpstreamInTroubleThatMattersIs503() {
        for (String space : List.of("twhin-user", "simclusters-interest")) {
            upstream.stubFor(get(urlPathEqualTo(path(space, "user:531")))
                    .willReturn(aResponse().withStatus(503)));
        }

        Http.Answer answer = follow("user:531");

        assertThat(answer.problem()).as(answer.text()).isEqualTo("503 upstream-unavailable -");
        assertThat(answer.header("Retry-After")).isNotBlank();
    }

    private static void assertDegraded(Http.Answer answer, String column, String reason) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        JsonNode json = answer.json();
        assertThat(json.path("candidates")).hasSize(5);
        assertThat(json.at("/provenance/notices")).anySatisfy(notice -> {
            assertThat(notice.path("column").asString()).isEqualTo(column);
            assertThat(notice.path("reason").asString()).isEqualTo(reason);
            assertThat(notice.path("message").asString()).isNotBlank();
        });
    }

    private static Http.Answer follow(String id) {
        return service.http.post("/v1/candidates", """
                {"surface": "follow", "source": {"id": "%s"}, "k": 5}""".formatted(id));
    }

    private static void answerDense(String id) {
        upstream.stubFor(
                get(urlPathEqualTo(path("twhin-user", id))).willReturn(json(dense(id, ReleaseFixture.DIMENSION))));
    }

    private static void answerSparse(String id) {
        upstream.stubFor(get(urlPathEqualTo(path("simclusters-interest", id))).willReturn(json("""
                                {"space": "simclusters-interest", "release": "one", "version": "x", "embeddings":
                                 [{"id": "%s", "entries": [{"column": 1, "name": "cluster:1", "weight": 0.9}]}]}""".formatted(id))));
    }

    private static String dense(String id, int dimension) {
        return """
                {"space": "twhin-user", "release": "one", "version": "x", "embeddings": [{"id": "%s", "vector": %s}]}""".formatted(
                        id,
                        IntStream.range(0, dimension)
                                .mapToObj(i -> Double.toString(Math.cos(i)))
                                .collect(Collectors.joining(",", "[", "]")));
    }

    private static com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder json(String body) {
        return aResponse().withHeader("Content-Type", "application/json").withBody(body);
    }

    private static String path(String space, String id) {
        return "/v1/embeddings/%s/%s".formatted(space, id);
    }
}
