package repscorer.api;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An embedding that the release does not hold is read upstream; with time enough for a machine that is busy. */
class UpstreamEmbeddingsHttpTest {

    @TempDir
    static Path directory;

    private static WireMockServer upstream;
    private static TestService service;
    private static Http http;

    @BeforeAll
    static void start() {
        upstream = new WireMockServer(wireMockConfig().dynamicPort());
        upstream.start();
        service = TestService.start(
                directory,
                options -> options.withSetting("upstream.enabled", "true")
                        .withSetting("upstream.base", upstream.baseUrl())
                        .withSetting("upstream.budget", "20s")
                        .withSetting("upstream.fetch-budget", "20s")
                        .withSetting("upstream.http.connect-timeout", "10s")
                        .withSetting("upstream.http.attempt-timeout", "10s")
                        .withSetting("upstream.http.breaker.enabled", "false"));
        http = service.http;
        service.publish("one", 1);
    }

    @AfterAll
    static void stop() {
        service.close();
        upstream.stop();
    }

    @Test
    @DisplayName("S11: what a source is made of can be read: the release's, else the upstream's")
    void anEmbeddingIsReadUpstream() {
        answerDense("user:541");
        answerSparse("user:541");

        Http.Answer dense = http.get("/v1/embeddings/twhin-user/user:541?release=one");
        Http.Answer packed = http.get("/v1/embeddings/twhin-user/user:541?encoding=base64");
        Http.Answer sparse = http.get("/v1/embeddings/simclusters-interest/user:541");

        assertThat(dense.status()).as(dense.text()).isEqualTo(200);
        assertThat(dense.json().at("/embeddings/0/vector")).hasSize(ReleaseFixture.DIMENSION);
        assertThat((float) dense.json().at("/embeddings/0/vector/1").asDouble()).isEqualTo((float) Math.cos(1));
        assertThat(packed.json().at("/embeddings/0/vectorBase64").asString()).isNotBlank();
        assertThat(sparse.json().at("/embeddings/0/entries/0/name").asString()).isEqualTo("cluster:1");
        assertThat(http.get("/v1/embeddings/twhin-user/user:542").problem()).isEqualTo("404 no-embedding -");
        assertThat(http.get("/v1/embeddings/twhin-user/topic:jazz").problem()).isEqualTo("400 kind-mismatch id");
    }

    @Test
    @DisplayName("S11: an upstream that cannot say is 503, and a fetch of another service is not handed on")
    void anUpstreamThatCannotSayIs503() {
        upstream.stubFor(get(urlPathEqualTo(path("twhin-user", "user:543")))
                .willReturn(aResponse().withStatus(503)));
        answerDense("user:544");

        assertThat(http.get("/v1/embeddings/twhin-user/user:543").problem()).isEqualTo("503 upstream-unavailable -");
        assertThat(http.send(
                                "GET",
                                "/v1/embeddings/twhin-user/user:544",
                                BodyPublishers.noBody(),
                                List.of("X-Upstream-Fetch", "1"))
                        .problem())
                .isEqualTo("404 no-embedding -");
        http.get("/v1/embeddings/twhin-user/user:544");
        upstream.verify(getRequestedFor(urlPathEqualTo(path("twhin-user", "user:544")))
                .withHeader("X-Upstream-Fetch", equalTo("1")));
    }

    @Test
    @DisplayName("who is erased is not asked for upstream any more, and what was kept of them is forgotten")
    void anErasedSubjectIsNotAskedFor() {
        answerDense("user:545");
        assertThat(http.get("/v1/embeddings/twhin-user/user:545").status()).isEqualTo(200);
        upstream.resetRequests();

        assertThat(http.send(
                                "POST",
                                "/v1/erasures",
                                BodyPublishers.ofString("{\"ids\": [\"user:545\"], \"reason\": \"asked for\"}"),
                                List.of("Content-Type", "application/json", "Authorization", "Bearer " + Http.TOKEN))
                        .status())
                .isEqualTo(202);

        assertThat(http.get("/v1/embeddings/twhin-user/user:545").problem()).isEqualTo("404 no-embedding -");
        upstream.verify(0, getRequestedFor(urlPathEqualTo(path("twhin-user", "user:545"))));
    }

    private static void answerDense(String id) {
        String values = IntStream.range(0, ReleaseFixture.DIMENSION)
                .mapToObj(i -> Double.toString(Math.cos(i)))
                .collect(Collectors.joining(",", "[", "]"));
        answer("twhin-user", id, "\"vector\": " + values);
    }

    private static void answerSparse(String id) {
        answer("simclusters-interest", id, "\"entries\": [{\"column\": 1, \"name\": \"cluster:1\", \"weight\": 0.9}]");
    }

    private static void answer(String space, String id, String embedding) {
        upstream.stubFor(get(urlPathEqualTo(path(space, id))).willReturn(json("""
                        {"space": "%s", "release": "one", "version": "x", "embeddings": [{"id": "%s", %s}]}""".formatted(space, id, embedding))));
    }

    private static ResponseDefinitionBuilder json(String body) {
        return aResponse().withHeader("Content-Type", "application/json").withBody(body);
    }

    private static String path(String space, String id) {
        return "/v1/embeddings/%s/%s".formatted(space, id);
    }
}
