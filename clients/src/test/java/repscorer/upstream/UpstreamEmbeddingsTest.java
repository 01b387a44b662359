package repscorer.upstream;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.status;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import repscorer.resilience.ResilienceConfig;
import repscorer.upstream.UpstreamAnswer.Found;
import repscorer.upstream.UpstreamAnswer.Missing;
import repscorer.upstream.UpstreamAnswer.Unavailable;

@Timeout(30)
class UpstreamEmbeddingsTest {

    private static final Duration AMPLE = Duration.ofSeconds(20);
    private static final EmbeddingQuery DENSE = EmbeddingQuery.dense("twhin-user", "user:12", "demo", 3);
    private static final EmbeddingQuery SPARSE = EmbeddingQuery.sparse("simclusters-interest", "user:12", "demo");

    private static final WireMockServer SERVER =
            new WireMockServer(options().dynamicPort().jettyStopTimeout(100L));

    private final ManualTicker ticker = new ManualTicker();
    private final List<UpstreamEmbeddings> opened = new ArrayList<>();

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
        opened.forEach(UpstreamEmbeddings::close);
    }

    @Test
    void aDenseEmbeddingIsFound() {
        SERVER.stubFor(get(urlEqualTo("/v1/embeddings/twhin-user/user:12?release=demo"))
                .willReturn(okJson(dense("1.5, -2, 0"))));

        assertThat(upstream().fetch(DENSE, AMPLE))
                .isInstanceOfSatisfying(
                        Found.Dense.class, found -> assertThat(found.values()).containsExactly(1.5f, -2f, 0f));
        SERVER.verify(1, getRequestedFor(anyUrl()).withHeader("Accept", equalTo("application/json")));
    }

    @Test
    void aSparseEmbeddingIsFound() {
        stub(okJson(sparse("{\"column\":3,\"name\":\"cluster:3\",\"weight\":0.25},"
                + "{\"column\":17,\"name\":\"cluster:17\",\"label\":\"jazz\",\"weight\":4}")));

        assertThat(upstream().fetch(SPARSE, AMPLE)).isInstanceOfSatisfying(Found.Sparse.class, found -> {
            assertThat(found.columns()).containsExactly(3, 17);
            assertThat(found.weights()).containsExactly(0.25f, 4f);
        });
    }

    @Test
    void anEmptySparseEmbeddingIsFound() {
        stub(okJson(sparse("")));

        assertThat(upstream().fetch(SPARSE, AMPLE))
                .isInstanceOfSatisfying(
                        Found.Sparse.class, found -> assertThat(found.columns()).isEmpty());
    }

    @Test
    void namesAreEncoded() {
        SERVER.stubFor(get(urlEqualTo("/v1/embeddings/twhin-user/user:a%2Fb%3Fc?release=r%261"))
                .willReturn(status(404)));

        assertThat(upstream().fetch(EmbeddingQuery.dense("twhin-user", "user:a/b?c", "r&1", 3), AMPLE))
                .isEqualTo(new Missing());
    }

    @Test
    void status404IsMissing() {
        stub(status(404));

        assertThat(upstream().fetch(DENSE, AMPLE)).isEqualTo(new Missing());
    }

    @Test
    void aReasonThatThereIsNoneIsMissing() {
        stub(okJson(body("twhin-user", "demo", "{\"id\":\"user:12\",\"missing\":\"no-embedding-source\"}")));

        assertThat(upstream().fetch(DENSE, AMPLE)).isEqualTo(new Missing());
    }

    @ParameterizedTest
    @ValueSource(strings = {"timeout", "ERROR", "unknown-version"})
    void aReasonThatTheServiceCouldNotLookIsUnavailable(String reason) {
        stub(okJson(body("twhin-user", "demo", "{\"id\":\"user:12\",\"missing\":\"%s\"}".formatted(reason))));

        assertUnavailable(DENSE, "the service itself lacks an answer, '" + reason + "'");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1, 2             | dimension differs: expected 3, got 2",
                "1, 2, 3, 4       | dimension differs: expected 3, got 4",
                "''               | dimension differs: expected 3, got 0",
                "1, \"NaN\", 3    | values must be finite: NaN at place 1",
                "1, 2, 1e99       | values must be finite: Infinity at place 2",
                "1, NaN, 3        | not EmbeddingsResponse",
                "1, null, 3       | not EmbeddingsResponse",
                "1, \"two\", 3    | not EmbeddingsResponse",
            })
    void valuesThatAreNoVectorAreUnavailable(String values, String why) {
        stub(okJson(dense(values)));

        assertUnavailable(DENSE, why);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "7,1 7,1      | columns must be ascending, distinct and not negative: 7 at place 1",
                "7,1 6,1      | columns must be ascending, distinct and not negative: 6 at place 1",
                "-1,1         | columns must be ascending, distinct and not negative: -1 at place 0",
                "7,0          | weights must be positive and finite: 0.0 for column 7",
                "7,-1         | weights must be positive and finite: -1.0 for column 7",
                "7,1e99       | weights must be positive and finite: Infinity for column 7",
                "7,\"NaN\"    | weights must be positive and finite: NaN for column 7",
                "99999999999,1 | not EmbeddingsResponse",
            })
    void entriesThatAreNoVectorAreUnavailable(String entries, String why) {
        List<String> bodies = new ArrayList<>();
        for (String entry : entries.strip().split(" ")) {
            String[] parts = entry.split(",");
            bodies.add("{\"column\":%s,\"name\":\"c\",\"weight\":%s}".formatted(parts[0], parts[1]));
        }
        stub(okJson(sparse(String.join(",", bodies))));

        assertUnavailable(SPARSE, why);
    }

    @Test
    void theOtherFormIsUnavailable() {
        stub(okJson(dense("1, 2, 3").replace("twhin-user", "simclusters-interest")));
        assertUnavailable(SPARSE, "no sparse entries where they are expected");

        stub(okJson(sparse("").replace("simclusters-interest", "twhin-user")));
        assertUnavailable(DENSE, "no dense vector where one is expected");

        stub(okJson(body("twhin-user", "demo", "{\"id\":\"user:12\"}")));
        assertUnavailable(DENSE, "no dense vector where one is expected");

        stub(okJson(body(
                "twhin-user", "demo", "{\"id\":\"user:12\",\"vector\":[1,2,3],\"missing\":\"no-embedding-source\"}")));
        assertUnavailable(DENSE, "an embedding and the reason 'no-embedding-source' for none");
    }

    @Test
    void anAnswerToAnotherQuestionIsUnavailable() {
        stub(okJson(body("twhin-user", "older", "{\"id\":\"user:12\",\"vector\":[1,2,3]}")));
        assertUnavailable(DENSE, "the answer is of space twhin-user in release older");

        stub(okJson(body("twhin-tweet", "demo", "{\"id\":\"user:12\",\"vector\":[1,2,3]}")));
        assertUnavailable(DENSE, "the answer is of space twhin-tweet in release demo");

        stub(okJson(body("twhin-user", "demo", "{\"id\":\"user:13\",\"vector\":[1,2,3]}")));
        assertUnavailable(DENSE, "the answer is of id user:13");

        stub(okJson(body("twhin-user", "demo", "")));
        assertUnavailable(DENSE, "0 embeddings where one is expected");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                                  | the body is empty where EmbeddingsResponse is expected",
                "null                                | the body is null where EmbeddingsResponse is expected",
                "{}                                  | EmbeddingsResponse.space is missing",
                "[]                                  | not EmbeddingsResponse",
                "{\"space\":\"twhin-user\",\"rel     | not EmbeddingsResponse",
                "<html>busy</html>                   | not EmbeddingsResponse",
                "{\"space\":\"a\",\"release\":\"b\",\"version\":\"c\",\"embeddings\":[null]} | embeddings[0] is null",
                "{\"space\":\"a\",\"release\":\"b\",\"version\":\"c\",\"embeddings\":[{}]}   | embeddings[0].id is missing",
            })
    void garbageIsUnavailable(String json, String why) {
        stub(okJson(json));

        assertUnavailable(DENSE, why);
    }

    @Test
    void deeplyNestedJsonIsUnavailable() {
        stub(okJson("[".repeat(100_000)));

        assertUnavailable(DENSE, "not EmbeddingsResponse");
    }

    @Test
    void anotherContentTypeIsUnavailable() {
        stub(aResponse().withStatus(200).withHeader("Content-Type", "text/html").withBody(dense("1, 2, 3")));

        assertUnavailable(DENSE, "content type 'text/html' where JSON is expected");
    }

    @ParameterizedTest
    @ValueSource(ints = {204, 302, 400, 401, 429, 500, 503})
    void otherStatusesAreUnavailable(int status) {
        stub(status(status));

        assertUnavailable(DENSE, "status " + status);
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void hangingUpIsUnavailable(Fault fault) {
        stub(aResponse().withFault(fault));

        assertUnavailable(DENSE, "exchange: ");
    }

    @Test
    void a503AndThenAnEmbeddingIsFound() {
        SERVER.stubFor(any(anyUrl())
                .inScenario("s")
                .whenScenarioStateIs(Scenario.STARTED)
                .willSetStateTo("up")
                .willReturn(status(503)));
        SERVER.stubFor(any(anyUrl()).inScenario("s").whenScenarioStateIs("up").willReturn(okJson(dense("1, 2, 3"))));

        assertThat(upstream().fetch(DENSE, AMPLE)).isInstanceOf(Found.Dense.class);
    }

    @Test
    void aFoundEmbeddingIsKeptUntilItsTime() {
        stub(okJson(dense("1, 2, 3")));
        UpstreamEmbeddings upstream = upstream();

        upstream.fetch(DENSE, AMPLE);
        ticker.advance(Duration.ofMinutes(4));
        assertThat(upstream.fetch(DENSE, Duration.ZERO)).isInstanceOf(Found.Dense.class);
        SERVER.verify(1, anyRequestedFor(anyUrl()));

        ticker.advance(Duration.ofMinutes(7));
        assertThat(upstream.fetch(DENSE, AMPLE)).isInstanceOf(Found.Dense.class);
        SERVER.verify(2, anyRequestedFor(anyUrl()));
        assertThat(upstream.stats().hits()).isEqualTo(1);
        assertThat(upstream.stats().misses()).isEqualTo(2);
        assertThat(upstream.stats().entries()).isEqualTo(1);
    }

    @Test
    void missingIsBelievedForItsOwnTime() {
        stub(status(404));
        UpstreamEmbeddings upstream = upstream();

        upstream.fetch(DENSE, AMPLE);
        ticker.advance(Duration.ofSeconds(29));
        assertThat(upstream.fetch(DENSE, AMPLE)).isEqualTo(new Missing());
        SERVER.verify(1, anyRequestedFor(anyUrl()));
        assertThat(upstream.stats().hitsMissing()).isEqualTo(1);

        ticker.advance(Duration.ofSeconds(2));
        stub(okJson(dense("1, 2, 3")));
        assertThat(upstream.fetch(DENSE, AMPLE)).isInstanceOf(Found.Dense.class);
    }

    @Test
    void unavailableIsNotKept() {
        stub(status(500));
        UpstreamEmbeddings upstream = upstream();

        assertThat(upstream.fetch(DENSE, AMPLE)).isInstanceOf(Unavailable.class);
        stub(okJson(dense("1, 2, 3")));
        assertThat(upstream.fetch(DENSE, AMPLE)).isInstanceOf(Found.Dense.class);
    }

    @Test
    void aReleaseNeverAnswersForAnother() {
        stub(okJson(dense("1, 2, 3")));
        UpstreamEmbeddings upstream = upstream();
        assertThat(upstream.fetch(DENSE, AMPLE)).isInstanceOf(Found.Dense.class);

        stub(okJson(dense("4, 5, 6").replace("demo", "next")));
        EmbeddingQuery next = EmbeddingQuery.dense("twhin-user", "user:12", "next", 3);

        assertThat(upstream.fetch(next, AMPLE))
                .isInstanceOfSatisfying(
                        Found.Dense.class, found -> assertThat(found.values()).containsExactly(4f, 5f, 6f));
        assertThat(upstream.fetch(DENSE, AMPLE))
                .isInstanceOfSatisfying(
                        Found.Dense.class, found -> assertThat(found.values()).containsExactly(1f, 2f, 3f));
        SERVER.verify(2, anyRequestedFor(anyUrl()));
    }

    @Test
    void manyWhoAskAtOnceCauseOneRequest() throws Exception {
        stub(okJson(dense("1, 2, 3")).withFixedDelay(300));
        UpstreamEmbeddings upstream = upstream();
        CountDownLatch go = new CountDownLatch(1);
        List<Future<UpstreamAnswer>> calls = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 200; i++) {
                calls.add(threads.submit(() -> {
                    go.await();
                    return upstream.fetch(DENSE, AMPLE);
                }));
            }
            go.countDown();
            for (Future<UpstreamAnswer> call : calls) {
                assertThat(call.get()).isInstanceOf(Found.Dense.class);
            }
        }
        SERVER.verify(1, anyRequestedFor(anyUrl()));
        UpstreamStats stats = upstream.stats();
        assertThat(stats.fetches()).isEqualTo(1);
        assertThat(stats.hits() + stats.misses()).isEqualTo(200);
    }

    @Test
    void anImpatientCallerDoesNotFailThePatientOne() throws Exception {
        stub(okJson(dense("1, 2, 3")).withFixedDelay(1_000));
        UpstreamEmbeddings upstream = upstream();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<UpstreamAnswer> impatient = threads.submit(() -> upstream.fetch(DENSE, Duration.ofMillis(20)));
            Future<UpstreamAnswer> patient = threads.submit(() -> upstream.fetch(DENSE, AMPLE));

            assertThat(impatient.get())
                    .isInstanceOfSatisfying(
                            Unavailable.class,
                            unavailable -> assertThat(unavailable.cause())
                                    .isEqualTo(
                                            "no answer within the budget of 20 ms (user:12 of twhin-user in release demo)"));
            assertThat(patient.get()).isInstanceOf(Found.Dense.class);
        }
        SERVER.verify(1, anyRequestedFor(anyUrl()));
    }

    @Test
    void aStaleEmbeddingIsAnsweredWhileItIsRenewed() {
        stub(okJson(dense("1, 2, 3")));
        UpstreamEmbeddings upstream = upstream();
        upstream.fetch(DENSE, AMPLE);

        stub(okJson(dense("4, 5, 6")).withFixedDelay(300));
        ticker.advance(Duration.ofMinutes(6));
        for (int i = 0; i < 10; i++) {
            assertThat(first(upstream.fetch(DENSE, Duration.ZERO))).isEqualTo(1f);
        }
        until(() -> first(upstream.fetch(DENSE, Duration.ZERO)) == 4f);
        SERVER.verify(2, anyRequestedFor(anyUrl()));
        assertThat(upstream.stats().hitsStale()).isGreaterThanOrEqualTo(10);

        ticker.advance(Duration.ofMinutes(4));
        assertThat(first(upstream.fetch(DENSE, Duration.ZERO)))
                .as("its time starts anew")
                .isEqualTo(4f);
        SERVER.verify(2, anyRequestedFor(anyUrl()));
    }

    @Test
    void aRenewalThatFailsKeepsTheStaleEmbeddingAndPauses() {
        stub(okJson(dense("1, 2, 3")));
        UpstreamEmbeddings upstream = upstream();
        upstream.fetch(DENSE, AMPLE);

        stub(status(500));
        ticker.advance(Duration.ofMinutes(6));
        upstream.fetch(DENSE, Duration.ZERO);
        until(() -> {
            long stale = upstream.stats().hitsStale();
            upstream.fetch(DENSE, Duration.ZERO);
            return upstream.stats().hitsStale() == stale;
        });
        SERVER.verify(2, anyRequestedFor(anyUrl()));
        assertThat(first(upstream.fetch(DENSE, Duration.ZERO))).isEqualTo(1f);

        ticker.advance(Duration.ofSeconds(2));
        upstream.fetch(DENSE, Duration.ZERO);
        until(() -> SERVER.findAll(anyRequestedFor(anyUrl())).size() == 3);

        ticker.advance(Duration.ofMinutes(5));
        assertThat(upstream.fetch(DENSE, AMPLE)).as("too old").isInstanceOf(Unavailable.class);
    }

    @Test
    void anEmbeddingThatIsGoneWhenRenewedIsMissing() {
        stub(okJson(dense("1, 2, 3")));
        UpstreamEmbeddings upstream = upstream();
        upstream.fetch(DENSE, AMPLE);

        stub(status(404));
        ticker.advance(Duration.ofMinutes(6));
        until(() -> upstream.fetch(DENSE, Duration.ZERO) instanceof Missing);
    }

    @Test
    void whatWasFetchedTogetherIsNotRenewedTogether() {
        SERVER.stubFor(any(anyUrl()).willReturn(status(404)));
        UpstreamConfig config =
                new UpstreamConfig(URI.create(SERVER.baseUrl()), AMPLE, 1_024, UpstreamConfig.Cache.defaults(), http());
        UpstreamEmbeddings upstream = new CachedUpstreamEmbeddings(
                new HttpUpstreamEmbeddings(config),
                config,
                ticker,
                new Random(11),
                Executors.newVirtualThreadPerTaskExecutor());
        opened.add(upstream);
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < 200; i++) {
                upstream.fetch(EmbeddingQuery.dense("twhin-user", "user:" + i, "demo", 3), AMPLE);
            }
            ticker.advance(Duration.ofMillis(28_500));
        }

        // Times are drawn evenly from 27 s to 30 s: at 28.5 s about half of them are over.
        assertThat(upstream.stats().hitsMissing()).isBetween(50L, 150L);
    }

    @Test
    void theBreakerProtectsAServiceThatFails() {
        stub(status(500));
        UpstreamEmbeddings upstream = upstream();

        for (int i = 0; i < 50; i++) {
            assertThat(upstream.fetch(DENSE, AMPLE)).isInstanceOf(Unavailable.class);
        }
        SERVER.verify(10, anyRequestedFor(anyUrl()));
        assertThat(upstream.fetch(DENSE, AMPLE))
                .isInstanceOfSatisfying(
                        Unavailable.class,
                        unavailable -> assertThat(unavailable.cause()).startsWith("breaker-open: "));
        assertThat(upstream.stats().http().breaker()).isEqualTo("open");
    }

    @Test
    @SuppressWarnings("NullAway") // as a binder calls it for a partly set section
    void fetchesAreLimited() throws Exception {
        stub(okJson(dense("1, 2, 3")).withFixedDelay(1_000));
        UpstreamEmbeddings upstream =
                upstream(new UpstreamConfig(URI.create(SERVER.baseUrl()), AMPLE, 1, null, http()));
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<UpstreamAnswer> first = threads.submit(() -> upstream.fetch(DENSE, AMPLE));
            until(() -> upstream.stats().fetches() == 1);

            assertThat(upstream.fetch(EmbeddingQuery.dense("twhin-user", "user:13", "demo", 3), AMPLE))
                    .isEqualTo(new Unavailable(
                            "fetches-max: 1 fetches are under way (user:13 of twhin-user in release demo)", false));
            assertThat(first.get()).isInstanceOf(Found.Dense.class);
        }
    }

    @Test
    @SuppressWarnings("NullAway") // as a binder calls it for a partly set section
    void whatIsKeptIsLimitedByBytes() {
        SERVER.stubFor(any(anyUrl()).willReturn(status(404)));
        UpstreamEmbeddings upstream = upstream(new UpstreamConfig(
                URI.create(SERVER.baseUrl()),
                AMPLE,
                null,
                new UpstreamConfig.Cache(null, null, null, null, null, 2_000),
                http()));

        for (int i = 0; i < 100; i++) {
            upstream.fetch(EmbeddingQuery.dense("twhin-user", "user:" + i, "demo", 3), AMPLE);
        }
        until(() -> upstream.stats().entries() <= 10);
    }

    @Test
    void aClosedClientAnswersWhatIsKeptAndNothingElse() {
        stub(okJson(dense("1, 2, 3")));
        UpstreamEmbeddings upstream = upstream();
        upstream.fetch(DENSE, AMPLE);
        upstream.close();

        assertThat(upstream.fetch(DENSE, AMPLE)).isInstanceOf(Found.Dense.class);
        assertThat(upstream.fetch(SPARSE, AMPLE))
                .isEqualTo(new Unavailable(
                        "the client is closed (user:12 of simclusters-interest in release demo)", false));
    }

    @Test
    void theFactoryPutsTheCacheInFront() {
        stub(okJson(dense("1, 2, 3")));
        try (UpstreamEmbeddings upstream = UpstreamEmbeddings.over(UpstreamConfig.of(URI.create(SERVER.baseUrl())))) {
            assertThat(upstream.fetch(DENSE, AMPLE)).isInstanceOf(Found.Dense.class);
            assertThat(upstream.fetch(DENSE, AMPLE)).isInstanceOf(Found.Dense.class);
        }
        SERVER.verify(1, anyRequestedFor(anyUrl()));
    }

    private void assertUnavailable(EmbeddingQuery query, String why) {
        assertThat(upstream().fetch(query, AMPLE))
                .isInstanceOfSatisfying(
                        Unavailable.class,
                        unavailable ->
                                assertThat(unavailable.cause()).contains(why).contains("user:12"));
    }

    private static float first(UpstreamAnswer answer) {
        return ((Found.Dense) answer).values()[0];
    }

    private static void until(BooleanSupplier reached) {
        while (!reached.getAsBoolean()) {
            Thread.onSpinWait();
        }
    }

    private static void stub(ResponseDefinitionBuilder answer) {
        SERVER.stubFor(any(anyUrl()).willReturn(answer));
    }

    private static String dense(String values) {
        return body("twhin-user", "demo", "{\"id\":\"user:12\",\"vector\":[%s]}".formatted(values));
    }

    private static String sparse(String entries) {
        return body("simclusters-interest", "demo", "{\"id\":\"user:12\",\"entries\":[%s]}".formatted(entries));
    }

    private static String body(String space, String release, String embeddings) {
        return "{\"space\":\"%s\",\"release\":\"%s\",\"version\":\"v1\",\"embeddings\":[%s]}"
                .formatted(space, release, embeddings);
    }

    @SuppressWarnings("NullAway") // as a binder calls it for a partly set section
    private UpstreamEmbeddings upstream() {
        return upstream(new UpstreamConfig(URI.create(SERVER.baseUrl()), AMPLE, null, null, http()));
    }

    private UpstreamEmbeddings upstream(UpstreamConfig config) {
        UpstreamEmbeddings upstream = new CachedUpstreamEmbeddings(
                new HttpUpstreamEmbeddings(config),
                config,
                ticker,
                new NoJitter(),
                Executors.newVirtualThreadPerTaskExecutor());
        opened.add(upstream);
        return upstream;
    }

    @SuppressWarnings("NullAway") // as a binder calls it for a partly set section
    private static ResilienceConfig http() {
        return new ResilienceConfig(AMPLE, AMPLE, null, null, null, null);
    }

    /** Draws the smallest number always. */
    private static final class NoJitter extends Random {
        private static final long serialVersionUID = 1L;

        @Override
        public double nextDouble() {
            return 0;
        }
    }
}
