package repscorer.client;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.binaryEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.deleteRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.equalToJson;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.putRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.status;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import repscorer.client.ScorerClientException.Broken;
import repscorer.client.ScorerClientException.Refused;
import repscorer.client.ScorerClientException.Unavailable;
import repscorer.wire.CandidatesRequest;
import repscorer.wire.EmbeddingsRequest;
import repscorer.wire.EngagementRequest;
import repscorer.wire.MatrixRequest;
import repscorer.wire.PairsRequest;
import repscorer.wire.ScoresRequest;
import repscorer.wire.SignalsRequest;
import repscorer.wire.SourceBody;
import repscorer.wire.WhyNotRequest;

@Timeout(30)
class ScorerClientTest {

    private static final WireMockServer SERVER =
            new WireMockServer(options().dynamicPort().jettyStopTimeout(100L));
    private static final String TOKEN = "Bearer secret-1";
    private static final CandidatesRequest QUESTION =
            new CandidatesRequest("follow", SourceBody.of("user:12"), 2, null, null, null, null);

    private final ScorerClient client = builder().build();

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() {
        SERVER.start();
    }

    @AfterAll
    static void stop() {
        SERVER.stop();
    }

    @BeforeEach
    void reset() {
        SERVER.resetAll();
    }

    @AfterEach
    void close() {
        client.close();
    }

    @Test
    void candidates() {
        example("candidates-response-explained");

        assertThat(client.candidates(QUESTION).candidates().getFirst().id()).isEqualTo("user:31");
        SERVER.verify(postRequestedFor(urlEqualTo("/v1/candidates"))
                .withHeader("Content-Type", equalTo("application/json"))
                .withHeader("Accept", equalTo("application/json, application/problem+json"))
                .withHeader("User-Agent", equalTo("tests/1"))
                .withoutHeader("Authorization")
                .withRequestBody(equalToJson("{\"surface\":\"follow\",\"source\":{\"id\":\"user:12\"},\"k\":2}")));
    }

    @Test
    void scores() {
        example("scores-response");
        ScoresRequest request = new ScoresRequest(
                "tweet",
                null,
                null,
                null,
                null,
                SourceBody.of("user:12"),
                List.of("tweet:1007"),
                Map.of("a", 1),
                null,
                null,
                true,
                null);

        assertThat(client.scores(request).scores()).hasSize(3);
        SERVER.verify(postRequestedFor(urlEqualTo("/v1/scores"))
                .withRequestBody(equalToJson(
                        "{\"surface\":\"tweet\",\"source\":{\"id\":\"user:12\"},\"candidates\":[\"tweet:1007\"],"
                                + "\"overrides\":{\"a\":1},\"explain\":true}")));
    }

    @Test
    void signalsAndFeatures() {
        example("signals-push-response");
        SignalsRequest.PushBody fav = new SignalsRequest.PushBody("user:12", "fav", "tweet:1007", null, null);
        assertThat(client.pushSignals(new SignalsRequest(List.of(fav))).taken()).isEqualTo(3);
        SERVER.verify(postRequestedFor(urlEqualTo("/v1/signals"))
                .withHeader("Authorization", equalTo(TOKEN))
                .withRequestBody(equalToJson(
                        "{\"signals\":[{\"user\":\"user:12\",\"type\":\"fav\",\"entity\":\"tweet:1007\"}]}")));

        example("signals-response");
        assertThat(client.signals("user:a/b").signals()).hasSize(2);
        SERVER.verify(
                getRequestedFor(urlEqualTo("/v1/signals/user:a%2Fb")).withHeader("Authorization", equalTo(TOKEN)));

        example("engagement-response");
        assertThat(client.engagement(new EngagementRequest("user:12", List.of("tweet:1008"), null))
                        .candidates()
                        .getFirst()
                        .features())
                .containsEntry("fav-1d-max", 0.75);
        SERVER.verify(postRequestedFor(urlEqualTo("/v1/features/engagement")).withoutHeader("Authorization"));
    }

    @Test
    void whyNot() {
        example("why-not-response-rank");
        WhyNotRequest request =
                new WhyNotRequest("user:7", "follow", SourceBody.of("user:12"), 5, null, null, null, null);
        assertThat(client.whyNot(request).needed()).isEqualTo("9");
        SERVER.verify(postRequestedFor(urlEqualTo("/v1/why-not"))
                .withRequestBody(equalToJson(
                        "{\"id\":\"user:7\",\"surface\":\"follow\",\"source\":{\"id\":\"user:12\"},\"k\":5}")));
    }

    @Test
    void pairsAndMatrices() {
        example("pairs-response");
        PairsRequest pairs = new PairsRequest(
                "cosine",
                "twhin-user",
                "twhin-tweet",
                null,
                List.of(new PairsRequest.PairBody("user:12", "tweet:1007")),
                "r1");
        assertThat(client.pairs(pairs).scores()).hasSize(3);
        SERVER.verify(
                postRequestedFor(urlEqualTo("/v1/scores/pairs"))
                        .withRequestBody(
                                equalToJson(
                                        "{\"similarity\":\"cosine\",\"sourceSpace\":\"twhin-user\",\"candidateSpace\":\"twhin-tweet\","
                                                + "\"pairs\":[{\"source\":\"user:12\",\"candidate\":\"tweet:1007\"}],\"release\":\"r1\"}")));

        example("matrix-response");
        MatrixRequest matrix = new MatrixRequest(
                "jaccard",
                "simclusters-topic",
                "simclusters-tweet",
                null,
                List.of("topic:jazz"),
                List.of("tweet:1007"),
                null);
        assertThat(client.matrix(matrix).scores().getFirst()).containsExactly(0.25, null);
        SERVER.verify(postRequestedFor(urlEqualTo("/v1/scores/matrix"))
                .withRequestBody(equalToJson("{\"similarity\":\"jaccard\",\"sourceSpace\":\"simclusters-topic\","
                        + "\"candidateSpace\":\"simclusters-tweet\",\"sources\":[\"topic:jazz\"],"
                        + "\"candidates\":[\"tweet:1007\"]}")));
    }

    @Test
    void embeddings() {
        example("embeddings-response-dense");

        assertThat(client.embedding("twhin-user", "user:12")
                        .embeddings()
                        .getFirst()
                        .vector())
                .containsExactly(0.25f, -0.5f, 0.125f, 1f);
        SERVER.verify(getRequestedFor(urlEqualTo("/v1/embeddings/twhin-user/user:12")));

        client.embedding("twhin-user", "user:a/b c", "r&1");
        SERVER.verify(getRequestedFor(urlEqualTo("/v1/embeddings/twhin-user/user:a%2Fb%20c?release=r%261")));

        client.embeddings("twhin-user", new EmbeddingsRequest(List.of("user:12", "user:404"), null));
        SERVER.verify(postRequestedFor(urlEqualTo("/v1/embeddings/twhin-user"))
                .withRequestBody(equalToJson("{\"ids\":[\"user:12\",\"user:404\"]}")));
    }

    @Test
    void whatIsDeclaredAndHeld() {
        example("spaces-response");
        assertThat(client.spaces()).hasSize(5);
        SERVER.verify(getRequestedFor(urlEqualTo("/v1/spaces")).withoutHeader("Authorization"));

        example("space-response");
        assertThat(client.space("twhin-user").index()).isNotNull();
        SERVER.verify(getRequestedFor(urlEqualTo("/v1/spaces/twhin-user")).withoutHeader("Authorization"));

        example("versions-response");
        assertThat(client.versions("twhin-user")).hasSize(2);
        SERVER.verify(getRequestedFor(urlEqualTo("/v1/spaces/twhin-user/versions")));

        example("releases-response");
        assertThat(client.releases()).hasSize(3);
        SERVER.verify(getRequestedFor(urlEqualTo("/v1/releases")));

        example("surfaces-response");
        assertThat(client.surfaces().getFirst().kDefault()).isEqualTo(20);
        SERVER.verify(getRequestedFor(urlEqualTo("/v1/surfaces")));
    }

    @Test
    void experiments() {
        example("experiments-response");
        assertThat(client.experiments().getFirst().variants()).hasSize(2);
        SERVER.verify(getRequestedFor(urlEqualTo("/v1/experiments")));

        example("assignments-response");
        assertThat(client.assignments("user:12&x").assignments().getFirst().variant())
                .isEqualTo("simclusters-heavier");
        SERVER.verify(getRequestedFor(urlEqualTo("/v1/experiments/assignments?unit=user:12%26x")));
    }

    @Test
    void stageStreamsTheFile() throws IOException {
        example("staged-response");
        byte[] content = new byte[3 << 20];
        new Random(7).nextBytes(content);
        Path file = Files.write(folder.resolve("twhin-user.emb"), content);

        assertThat(client.stage("demo", "twhin-user", file).version()).isEqualTo("demo-5f1c");
        SERVER.verify(putRequestedFor(urlEqualTo("/v1/releases/demo/files/twhin-user"))
                .withHeader("Authorization", equalTo(TOKEN))
                .withHeader("Content-Type", equalTo("application/octet-stream"))
                .withHeader("Content-Length", equalTo(Integer.toString(content.length)))
                .withRequestBody(binaryEqualTo(content)));
    }

    @Test
    void aFileThatIsNotThereIsTheCallersMistake() {
        assertThatThrownBy(() -> client.stage("demo", "twhin-user", folder.resolve("none")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no such file: %s", folder.resolve("none"));
    }

    @Test
    void publishAndRollBack() {
        example("release-response");

        assertThat(client.publish("demo").state()).isEqualTo("LIVE");
        SERVER.verify(
                postRequestedFor(urlEqualTo("/v1/releases/demo/publish")).withHeader("Authorization", equalTo(TOKEN)));

        client.publish("demo", true, List.of("twhin-user", "*"));
        SERVER.verify(
                postRequestedFor(urlEqualTo("/v1/releases/demo/publish?partial=true&carry=twhin-user&carry=%2A")));

        assertThat(client.rollBack("demo/2").release()).isEqualTo("demo");
        SERVER.verify(postRequestedFor(urlEqualTo("/v1/releases/demo%2F2/roll-back"))
                .withHeader("Authorization", equalTo(TOKEN)));
    }

    @Test
    void releasesAreStagedPromotedPinnedDeletedAndCompared() {
        example("release-response");
        client.publishStaged("demo", false, List.of("*"));
        SERVER.verify(postRequestedFor(urlEqualTo("/v1/releases/demo/publish?stage=true&carry=%2A"))
                .withHeader("Authorization", equalTo(TOKEN)));
        client.promote("demo", true, List.of());
        SERVER.verify(postRequestedFor(urlEqualTo("/v1/releases/demo/promote?partial=true"))
                .withHeader("Authorization", equalTo(TOKEN)));
        client.pin("demo", true);
        SERVER.verify(
                postRequestedFor(urlEqualTo("/v1/releases/demo/pin")).withHeader("Authorization", equalTo(TOKEN)));
        client.pin("demo", false);
        SERVER.verify(
                deleteRequestedFor(urlEqualTo("/v1/releases/demo/pin")).withHeader("Authorization", equalTo(TOKEN)));
        client.delete("demo");
        SERVER.verify(deleteRequestedFor(urlEqualTo("/v1/releases/demo")).withHeader("Authorization", equalTo(TOKEN)));

        example("comparison-response");
        assertThat(client.compare("demo", "b/c", 10, 5, -1).spaces()).hasSize(2);
        SERVER.verify(getRequestedFor(urlEqualTo("/v1/releases/demo/compare/b%2Fc?sample=10&sources=5&seed=-1"))
                .withHeader("Authorization", equalTo(TOKEN)));
    }

    @Test
    void alignmentsAreFittedListedAndDeletedByAdministrators() {
        example("alignments-response");
        Alignments.Fit fit = new Alignments.Fit("auto", "twhin-user", 500, 0.25, 7);
        assertThat(client.alignments().fit("a", "b", fit).alignments()).hasSize(1);
        SERVER.verify(postRequestedFor(urlEqualTo(
                        "/v1/releases/b/alignments/a?method=auto&sample=500&recallMin=0.25&seed=7&space=twhin-user"))
                .withHeader("Authorization", equalTo(TOKEN)));
        assertThat(client.alignments().list("b").release()).isEqualTo("2026-11-21");
        SERVER.verify(
                getRequestedFor(urlEqualTo("/v1/releases/b/alignments")).withHeader("Authorization", equalTo(TOKEN)));
        client.alignments().delete("b", "twhin-1");
        SERVER.verify(deleteRequestedFor(urlEqualTo("/v1/releases/b/alignments/twhin-1"))
                .withHeader("Authorization", equalTo(TOKEN)));
    }

    @Test
    void aKeyGoesOutWithQuestions() {
        example("candidates-response");
        try (ScorerClient keyed = ScorerClient.builder(URI.create(SERVER.baseUrl() + "/"))
                .key("rsk_k")
                .build()) {
            keyed.ready();
        }
        SERVER.verify(getRequestedFor(urlEqualTo("/actuator/health/readiness"))
                .withHeader("Authorization", equalTo("Bearer rsk_k")));
    }

    @Test
    void withoutATokenNoneIsSent() {
        example("release-response");
        try (ScorerClient anonymous =
                ScorerClient.builder(URI.create(SERVER.baseUrl() + "/")).build()) {
            anonymous.publish("demo");
        }
        SERVER.verify(postRequestedFor(urlEqualTo("/v1/releases/demo/publish"))
                .withoutHeader("Authorization")
                .withHeader("User-Agent", equalTo("repscorer-client")));
    }

    @Test
    void readyIsWhatTheServiceSays() throws IOException {
        stub(okJson("{\"status\":\"UP\"}"));
        assertThat(client.ready()).isTrue();
        SERVER.verify(getRequestedFor(urlEqualTo("/actuator/health/readiness")));

        stub(status(503));
        assertThat(client.ready()).isFalse();

        try (ScorerClient nobody = ScorerClient.builder(closedPort()).build()) {
            assertThat(nobody.ready()).isFalse();
        }
    }

    @Test
    void aRefusalHoldsTheProblem() throws IOException {
        stub(status(400)
                .withHeader("Content-Type", "application/problem+json")
                .withBody(Files.readString(examples().resolve("problem-response.json"))));

        Refused refused = failure(Refused.class, () -> client.candidates(QUESTION));

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.code()).hasValue("dimension-differs");
        assertThat(refused.problem().field()).isEqualTo("source.vector");
        assertThat(refused)
                .hasMessage(
                        "dimension differs: space=twhin-user expects 64, got 4 (status 400, POST %s/v1/candidates)",
                        SERVER.baseUrl());
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403, 404, 409, 413, 429})
    void aRefusalWithoutAProblemHoldsItsStatus(int status) {
        stub(status(status).withHeader("Content-Type", "text/html").withBody("<h1>no</h1>"));

        Refused refused = failure(Refused.class, () -> client.publish("demo"));

        assertThat(refused.status()).isEqualTo(status);
        assertThat(refused.code()).isEmpty();
        assertThat(refused).hasMessageStartingWith("<h1>no</h1> (status " + status + ", POST ");
        SERVER.verify(1, anyRequestedFor(anyUrl()));
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 502, 503, 504, 507})
    void aServiceThatFailsIsUnavailable(int status) {
        stub(status(status).withHeader("Retry-After", "7"));

        Unavailable unavailable = failure(Unavailable.class, () -> client.candidates(QUESTION));

        assertThat(unavailable.status()).hasValue(status);
        assertThat(unavailable.retryAfter()).hasValue(Duration.ofSeconds(7));
        assertThat(unavailable.problem()).isEmpty();
        SERVER.verify(1, anyRequestedFor(anyUrl()));
    }

    @Test
    void aServiceThatIsNotThereIsUnavailable() throws IOException {
        try (ScorerClient nobody = ScorerClient.builder(closedPort()).build()) {
            Unavailable unavailable = failure(Unavailable.class, nobody::spaces);

            assertThat(unavailable.status()).isEmpty();
            assertThat(unavailable.retryAfter()).isEmpty();
            assertThat(unavailable).hasMessageStartingWith("connect: ");
        }
    }

    @Test
    void aServiceThatIsTooSlowIsUnavailable() {
        stub(okJson("[]").withFixedDelay(20_000));
        try (ScorerClient hasty = builder().readTimeout(Duration.ofMillis(200)).build()) {
            assertThat(failure(Unavailable.class, hasty::spaces)).hasMessageStartingWith("deadline: ");
        }
    }

    @Test
    void aQuestionSaysHowLongItWaitsAndWhoseTurnComesFirst() {
        stub(okJson("[]"));
        client.spaces();
        SERVER.verify(getRequestedFor(urlEqualTo("/v1/spaces"))
                .withHeader("X-Request-Deadline-Ms", equalTo("20000"))
                .withoutHeader("X-Request-Priority"));
        try (ScorerClient batch = builder()
                .readTimeout(Duration.ofSeconds(7))
                .priority(ScorerClient.Priority.LOW)
                .build()) {
            batch.surfaces();
        }
        SERVER.verify(getRequestedFor(urlEqualTo("/v1/surfaces"))
                .withHeader("X-Request-Deadline-Ms", equalTo("7000"))
                .withHeader("X-Request-Priority", equalTo("low")));
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void aReadIsTriedOnceMoreAfterALostConnection(Fault fault) {
        SERVER.stubFor(any(anyUrl())
                .inScenario("s")
                .whenScenarioStateIs(Scenario.STARTED)
                .willSetStateTo("up")
                .willReturn(aResponse().withFault(fault)));
        SERVER.stubFor(any(anyUrl())
                .inScenario("s")
                .whenScenarioStateIs("up")
                .willReturn(exampleAnswer("candidates-response")));

        assertThat(client.candidates(QUESTION).returned()).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void aChangingCallIsSentOnce(Fault fault) throws IOException {
        stub(aResponse().withFault(fault));
        Path file = Files.write(folder.resolve("small"), new byte[10]);

        for (ThrowingCallable change : List.<ThrowingCallable>of(
                () -> client.publish("demo"),
                () -> client.rollBack("demo"),
                () -> client.stage("demo", "twhin-user", file))) {
            SERVER.resetRequests();
            failure(Unavailable.class, change);
            SERVER.verify(1, anyRequestedFor(anyUrl()));
        }
    }

    static Stream<ResponseDefinitionBuilder> brokenAnswers() {
        return Stream.of(
                okJson(""),
                okJson("garbage"),
                okJson("{}"),
                okJson("{\"surface\":\"follow\",\"k\":2,\"retur"),
                status(204),
                status(302).withHeader("Location", "/elsewhere"),
                okJson("\"" + "x".repeat(200_000) + "\""));
    }

    @ParameterizedTest
    @MethodSource("brokenAnswers")
    void anAnswerThatIsNoneIsBroken(ResponseDefinitionBuilder answer) {
        stub(answer);
        try (ScorerClient narrow = builder().responseBytesMax(100_000).build()) {
            assertThat(failure(Broken.class, () -> narrow.candidates(QUESTION))).hasMessageContaining("/v1/candidates");
        }
    }

    @Test
    void aListWithAHoleIsBroken() {
        stub(okJson("[null]"));

        assertThat(failure(Broken.class, client::spaces)).hasMessageStartingWith("SpaceBody[0] is null");
    }

    @Test
    void namesThatAnAddressCannotHoldAreTheCallersMistake() {
        assertThatThrownBy(() -> client.versions("..")).isInstanceOf(IllegalArgumentException.class);
        SERVER.verify(0, anyRequestedFor(anyUrl()));
    }

    @Test
    void settingsOutOfBoundsAreNamed() {
        assertSetting(b -> b.connectTimeout(Duration.ZERO), "connectTimeout must be PT0.001S to PT1M: PT0S");
        assertSetting(b -> b.readTimeout(Duration.ofHours(1)), "readTimeout must be PT0.001S to PT10M: PT1H");
        assertSetting(b -> b.uploadTimeout(Duration.ofHours(2)), "uploadTimeout must be PT0.001S to PT1H: PT2H");
        assertSetting(b -> b.responseBytesMax(0), "responseBytesMax must be at least 1: 0");
        assertSetting(b -> b.userAgent("a\nb"), "a user agent is printable ASCII: 'a\nb'");
        assertThatThrownBy(() -> builder().adminToken("se cret"))
                .hasMessage("an admin token is visible ASCII without spaces")
                .hasMessageNotContaining("cret");
        assertThatThrownBy(() -> ScorerClient.builder(URI.create("localhost:8080")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static void assertSetting(Consumer<ScorerClient.Builder> setting, String message) {
        ScorerClient.Builder builder = builder();
        assertThatThrownBy(() -> setting.accept(builder)).hasMessage(message);
    }

    private static <T extends ScorerClientException> T failure(Class<T> type, ThrowingCallable call) {
        T failure = catchThrowableOfType(type, call);
        assertThat(failure).isNotNull();
        return failure;
    }

    private static ScorerClient.Builder builder() {
        return ScorerClient.builder(URI.create(SERVER.isRunning() ? SERVER.baseUrl() : "http://localhost"))
                .connectTimeout(Duration.ofSeconds(5))
                .readTimeout(Duration.ofSeconds(20))
                .adminToken("secret-1")
                .userAgent("tests/1");
    }

    private static URI closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return URI.create("http://127.0.0.1:" + socket.getLocalPort());
        }
    }

    private static void example(String name) {
        stub(exampleAnswer(name));
    }

    private static ResponseDefinitionBuilder exampleAnswer(String name) {
        try {
            return okJson(Files.readString(examples().resolve(name + ".json")));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static Path examples() {
        Path inRoot = Path.of("docs/api/examples");
        return Files.isDirectory(inRoot) ? inRoot : Path.of("..").resolve(inRoot);
    }

    private static void stub(ResponseDefinitionBuilder answer) {
        SERVER.stubFor(any(anyUrl()).willReturn(answer));
    }
}
