package repscorer.api;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.http.Fault;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** A source that the release does not hold is asked for upstream; trouble there degrades the answer and says so. */
class UpstreamHttpTest {

    @TempDir
    static Path directory;

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
    @CsvSource({"user:511, broken", "user:512, slow", "user:513, garbage", "user:514, hang-up", "user:515, short"})
    void troubleUpstreamDegradesAndIsTold(String id, String trouble) {
        answerSparse(id);
        upstream.stubFor(get(urlPathEqualTo(path("twhin-user", id)))
                .willReturn(
                        switch (trouble) {
                            case "broken" -> aResponse().withStatus(503);
                            case "slow" -> aResponse().withFixedDelay(3_000).withStatus(200);
                            case "garbage" ->
                                aResponse()
                                        .withHeader("Content-Type", "application/json")
                                        .withBody("{\"space\": [");
                            case "hang-up" -> aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER);
                            default -> json(dense(id, 3));
                        }));

        long before = System.nanoTime();
        Http.Answer answer = follow(id);
        long millis = (System.nanoTime() - before) / 1_000_000;

        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        JsonNode json = answer.json();
        assertThat(json.path("candidates")).hasSize(5);
        assertThat(json.at("/provenance/notices")).anySatisfy(notice -> {
            assertThat(notice.path("column").asString()).isEqualTo("twhin");
            assertThat(notice.path("reason").asString()).isEqualToIgnoringCase("upstream-unavailable");
            assertThat(notice.path("message").asString()).isNotBlank();
        });
        assertThat(millis).isLessThan(2_500);
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
