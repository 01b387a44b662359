package repscorer.resilience;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.client.WireMock.status;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import repscorer.resilience.Outcome.Answered;
import repscorer.resilience.Outcome.Failed;
import repscorer.resilience.ResilienceConfig.Breaker;
import repscorer.resilience.ResilienceConfig.Bulkhead;
import repscorer.resilience.ResilienceConfig.Retry;

@Timeout(30)
class ResilientHttpTest {

    private static final Duration AMPLE = Duration.ofSeconds(20);
    private static final Retry TWICE = new Retry(2, Duration.ofMillis(1), Duration.ofMillis(5));

    private static final byte[] HEAD_AND_NO_MORE =
            "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private static final WireMockServer SERVER =
            new WireMockServer(options().dynamicPort().jettyStopTimeout(100L));

    private final MutableClock clock = new MutableClock();
    private final List<ResilientHttp> opened = new ArrayList<>();

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
        opened.forEach(ResilientHttp::close);
    }

    @Test
    void answersStatusHeadersAndBodyOverHttp11() {
        SERVER.stubFor(any(anyUrl())
                .willReturn(status(404)
                        .withHeader("Content-Type", "Application/Problem+JSON; charset=utf-8")
                        .withBody("nobody")));

        Answered answered = (Answered) http(TWICE).call(get(), Repeat.ON_FAILURE, AMPLE);

        assertThat(answered.status()).isEqualTo(404);
        assertThat(answered.mediaType()).isEqualTo("application/problem+json");
        assertThat(answered.isJson()).isTrue();
        assertThat(answered.body()).asString(StandardCharsets.UTF_8).isEqualTo("nobody");
        SERVER.verify(1, anyRequestedFor(anyUrl()).withoutHeader("Upgrade"));
    }

    @Test
    void anEmptyBodyIsAnEmptyArray() {
        SERVER.stubFor(any(anyUrl()).willReturn(status(204)));

        Answered answered = (Answered) http(TWICE).call(get(), Repeat.ON_FAILURE, AMPLE);

        assertThat(answered.body()).isEmpty();
        assertThat(answered.mediaType()).isEmpty();
        assertThat(answered.isJson()).isFalse();
    }

    @Test
    void aReadIsRepeatedAfter503() {
        firstThen(status(503), ok("fine"));

        ResilientHttp http = http(TWICE);

        assertThat(http.call(get(), Repeat.ON_FAILURE, AMPLE))
                .isInstanceOfSatisfying(
                        Answered.class,
                        answered -> assertThat(answered.status()).isEqualTo(200));
        assertThat(http.stats().calls()).isEqualTo(1);
        assertThat(http.stats().attempts()).isEqualTo(2);
        assertThat(http.stats().failures()).isEmpty();
    }

    @Test
    void theLastAnswerIsGivenWhenRepeatsAreUsedUp() {
        SERVER.stubFor(any(anyUrl()).willReturn(status(503)));

        Outcome outcome =
                http(new Retry(3, Duration.ofMillis(1), Duration.ofMillis(1))).call(get(), Repeat.ON_FAILURE, AMPLE);

        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Answered.class,
                        answered -> assertThat(answered.status()).isEqualTo(503));
        SERVER.verify(3, anyRequestedFor(anyUrl()));
    }

    @ParameterizedTest
    @EnumSource(
            value = Repeat.class,
            names = {"NEVER", "ON_LOST_CONNECTION"})
    void a503IsNotRepeatedUnlessAllowed(Repeat repeat) {
        firstThen(status(503), ok("fine"));

        assertThat(http(TWICE).call(get(), repeat, AMPLE))
                .isInstanceOfSatisfying(
                        Answered.class,
                        answered -> assertThat(answered.status()).isEqualTo(503));
        SERVER.verify(1, anyRequestedFor(anyUrl()));
    }

    @Test
    void a500IsNotRepeated() {
        firstThen(status(500), ok("fine"));

        assertThat(http(TWICE).call(get(), Repeat.ON_FAILURE, AMPLE))
                .isInstanceOfSatisfying(
                        Answered.class,
                        answered -> assertThat(answered.status()).isEqualTo(500));
    }

    @Test
    void retryAfterBeyondTheBudgetEndsTheCallAtOnce() {
        SERVER.stubFor(any(anyUrl()).willReturn(status(503).withHeader("Retry-After", "3600")));
        long start = System.nanoTime();

        Outcome outcome = http(TWICE).call(get(), Repeat.ON_FAILURE, AMPLE);

        assertThat(outcome).isInstanceOf(Answered.class);
        assertThat(since(start)).isLessThan(Duration.ofSeconds(10));
        SERVER.verify(1, anyRequestedFor(anyUrl()));
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void everyWayOfHangingUpIsAFailureAndARepeatHelps(Fault fault) {
        firstThen(aResponse().withFault(fault), ok("fine"));

        assertThat(http(TWICE).call(get(), Repeat.ON_LOST_CONNECTION, AMPLE)).isInstanceOf(Answered.class);
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void everyWayOfHangingUpIsAFailureForAChangingCall(Fault fault) {
        SERVER.stubFor(any(anyUrl()).willReturn(aResponse().withFault(fault)));
        HttpRequest post = HttpRequest.newBuilder(uri())
                .POST(HttpRequest.BodyPublishers.ofString("change"))
                .build();

        assertThat(http(TWICE).call(post, Repeat.NEVER, AMPLE))
                .isInstanceOfSatisfying(
                        Failed.class, failed -> assertThat(failed.cause()).isEqualTo(FailureCause.EXCHANGE));
        SERVER.verify(1, anyRequestedFor(anyUrl()));
    }

    @Test
    void aBodyShorterThanAnnouncedIsAFailure() throws IOException {
        try (RawServer server = new RawServer("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort")) {
            Outcome outcome = http(TWICE).call(get(server.uri()), Repeat.NEVER, AMPLE);

            assertThat(outcome)
                    .isInstanceOfSatisfying(
                            Failed.class, failed -> assertThat(failed.cause()).isEqualTo(FailureCause.EXCHANGE));
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @Test
    void whatIsNotHttpIsAFailure() throws IOException {
        try (RawServer server = new RawServer("SSH-2.0-OpenSSH_9.9\r\n")) {
            assertThat(http(TWICE).call(get(server.uri()), Repeat.NEVER, AMPLE))
                    .isInstanceOfSatisfying(
                            Failed.class, failed -> assertThat(failed.cause()).isEqualTo(FailureCause.EXCHANGE));
        }
    }

    @Test
    void noConnectionIsNamedAndRepeated() throws IOException {
        URI closed;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = URI.create("http://127.0.0.1:%s/x".formatted(socket.getLocalPort()));
        }
        ResilientHttp http = http(TWICE);

        Failed failed = (Failed) http.call(get(closed), Repeat.ON_LOST_CONNECTION, AMPLE);

        assertThat(failed.cause()).isEqualTo(FailureCause.CONNECT);
        assertThat(failed.message()).startsWith("connect: ").endsWith("(other, GET %s)".formatted(closed));
        assertThat(http.stats().attempts()).isEqualTo(2);
        assertThat(http.stats().failures()).containsExactly(java.util.Map.entry(FailureCause.CONNECT, 1L));
    }

    @Test
    void aSlowAttemptIsCutShortAndRepeated() {
        firstThen(ok("slow").withFixedDelay(20_000), ok("fine"));
        ResilienceConfig config = config(TWICE, Duration.ofMillis(1_000), new Bulkhead(4, Duration.ZERO));

        assertThat(http(config).call(get(), Repeat.ON_FAILURE, AMPLE)).isInstanceOf(Answered.class);
        SERVER.verify(2, anyRequestedFor(anyUrl()));
    }

    @Test
    void aSlowAttemptOfAChangingCallTimesOut() {
        SERVER.stubFor(any(anyUrl()).willReturn(ok().withFixedDelay(20_000)));
        ResilienceConfig config = config(TWICE, Duration.ofMillis(200), new Bulkhead(4, Duration.ZERO));

        Failed failed = (Failed) http(config).call(get(), Repeat.NEVER, AMPLE);

        assertThat(failed.cause()).isEqualTo(FailureCause.TIMEOUT);
        assertThat(failed.message()).contains("attempt-timeout, PT0.2S");
    }

    @Test
    void theBudgetEndsACallThatWaitsForHeaders() {
        SERVER.stubFor(any(anyUrl()).willReturn(ok().withFixedDelay(20_000)));

        theBudgetEndsTheCall();
    }

    @Test
    void theBudgetEndsACallWhoseBodyDrips() {
        SERVER.stubFor(any(anyUrl()).willReturn(ok("x".repeat(1000)).withChunkedDribbleDelay(100, 20_000)));

        theBudgetEndsTheCall();
    }

    private void theBudgetEndsTheCall() {
        ResilientHttp http = http(config(TWICE, AMPLE, new Bulkhead(1, Duration.ZERO)));
        long start = System.nanoTime();

        Failed failed = (Failed) http.call(get(), Repeat.ON_FAILURE, Duration.ofMillis(300));

        assertThat(failed.cause()).isEqualTo(FailureCause.DEADLINE);
        assertThat(since(start)).isBetween(Duration.ofMillis(290), Duration.ofSeconds(10));
        assertThat(http.stats().running()).isZero();
        SERVER.resetAll();
        SERVER.stubFor(any(anyUrl()).willReturn(ok()));
        assertThat(http.call(get(), Repeat.NEVER, AMPLE)).isInstanceOf(Answered.class);
    }

    @Test
    void aCallCutShortHangsUp() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Integer> afterTheRequest = threads.submit(() -> {
                try (Socket connection = server.accept()) {
                    int read = connection.getInputStream().read(new byte[4096]);
                    connection.getOutputStream().write(HEAD_AND_NO_MORE);
                    return read > 0 ? connection.getInputStream().read() : 0;
                }
            });
            URI uri = URI.create("http://127.0.0.1:%s/".formatted(server.getLocalPort()));

            Outcome outcome = http(TWICE).call(get(uri), Repeat.NEVER, Duration.ofSeconds(1));

            assertThat(outcome)
                    .isInstanceOfSatisfying(
                            Failed.class, failed -> assertThat(failed.cause()).isEqualTo(FailureCause.DEADLINE));
            assertThat(afterTheRequest.get(10, TimeUnit.SECONDS))
                    .as("end of stream")
                    .isEqualTo(-1);
        }
    }

    @Test
    void noBudgetSendsNothing() {
        assertThat(http(TWICE).call(get(), Repeat.ON_FAILURE, Duration.ZERO))
                .isInstanceOfSatisfying(
                        Failed.class, failed -> assertThat(failed.cause()).isEqualTo(FailureCause.DEADLINE));
        SERVER.verify(0, anyRequestedFor(anyUrl()));
    }

    @Test
    void aBudgetOfAgesIsABudget() {
        SERVER.stubFor(any(anyUrl()).willReturn(ok()));

        assertThat(http(TWICE).call(get(), Repeat.NEVER, Duration.ofSeconds(Long.MAX_VALUE)))
                .isInstanceOf(Answered.class);
        assertThat(http(TWICE).call(get(), Repeat.NEVER, Duration.ofSeconds(Long.MIN_VALUE)))
                .isInstanceOf(Failed.class);
    }

    @Test
    void aBodyOverTheLimitIsRefusedWhetherAnnouncedOrNot() {
        ResilienceConfig defaults = config(TWICE, AMPLE, new Bulkhead(4, Duration.ZERO));
        ResilienceConfig config = new ResilienceConfig(
                defaults.connectTimeout(), AMPLE, 100, defaults.retry(), defaults.breaker(), defaults.bulkhead());
        for (ResponseDefinitionBuilder answer : List.of(
                ok("x".repeat(101)).withHeader("Content-Length", "101"),
                ok("x".repeat(101)).withChunkedDribbleDelay(2, 10))) {
            SERVER.stubFor(any(anyUrl()).willReturn(answer));

            Failed failed = (Failed) http(config).call(get(), Repeat.ON_FAILURE, AMPLE);

            assertThat(failed.cause()).isEqualTo(FailureCause.TOO_LARGE);
            assertThat(failed.message()).startsWith("too-large: the body is limited to 100 bytes: at least 101");
        }
        SERVER.stubFor(any(anyUrl()).willReturn(ok("x".repeat(100))));
        assertThat(http(config).call(get(), Repeat.ON_FAILURE, AMPLE)).isInstanceOf(Answered.class);
    }

    @Test
    void theBreakerOpensProbesAndCloses() {
        SERVER.stubFor(any(anyUrl()).willReturn(status(500)));
        ResilientHttp http = breaking();
        for (int i = 0; i < 4; i++) {
            assertThat(http.call(get(), Repeat.NEVER, AMPLE)).isInstanceOf(Answered.class);
        }
        assertThat(http.stats().breaker()).isEqualTo("open");
        assertThat(http.call(get(), Repeat.ON_FAILURE, AMPLE))
                .isInstanceOfSatisfying(
                        Failed.class, failed -> assertThat(failed.cause()).isEqualTo(FailureCause.BREAKER_OPEN));
        SERVER.verify(4, anyRequestedFor(anyUrl()));

        clock.advance(Duration.ofSeconds(61));
        assertThat(http.call(get(), Repeat.NEVER, AMPLE)).isInstanceOf(Answered.class);
        assertThat(http.stats().breaker()).isEqualTo("half-open");
        assertThat(http.call(get(), Repeat.NEVER, AMPLE)).isInstanceOf(Answered.class);
        assertThat(http.stats().breaker()).as("both probes failed").isEqualTo("open");

        SERVER.stubFor(any(anyUrl()).willReturn(ok()));
        clock.advance(Duration.ofSeconds(61));
        for (int i = 0; i < 2; i++) {
            assertThat(http.call(get(), Repeat.NEVER, AMPLE)).isInstanceOf(Answered.class);
        }
        assertThat(http.stats().breaker()).isEqualTo("closed");
    }

    @Test
    void refusalsOfTheServiceDoNotOpenTheBreaker() {
        SERVER.stubFor(any(anyUrl()).willReturn(status(404)));
        ResilientHttp http = breaking();

        for (int i = 0; i < 20; i++) {
            assertThat(http.call(get(), Repeat.NEVER, AMPLE)).isInstanceOf(Answered.class);
        }
        assertThat(http.stats().breaker()).isEqualTo("closed");
    }

    @Test
    void aDisabledBreakerNeverOpens() {
        SERVER.stubFor(any(anyUrl()).willReturn(status(500)));
        ResilienceConfig defaults = config(TWICE, AMPLE, new Bulkhead(4, Duration.ZERO));
        ResilientHttp http = http(new ResilienceConfig(
                defaults.connectTimeout(), AMPLE, 100, defaults.retry(), Breaker.disabled(), defaults.bulkhead()));

        for (int i = 0; i < 60; i++) {
            assertThat(http.call(get(), Repeat.NEVER, AMPLE)).isInstanceOf(Answered.class);
        }
        assertThat(http.stats().breaker()).isEqualTo("disabled");
    }

    @Test
    void aFullBulkheadRefusesAndRecovers() throws Exception {
        SERVER.stubFor(any(anyUrl()).willReturn(ok().withFixedDelay(1_500)));
        ResilientHttp http = http(config(TWICE, AMPLE, new Bulkhead(1, Duration.ZERO)));
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Outcome> first = threads.submit(() -> http.call(get(), Repeat.NEVER, AMPLE));
            while (http.stats().running() == 0) {
                Thread.sleep(1);
            }

            Failed second = (Failed) http.call(get(), Repeat.ON_FAILURE, AMPLE);

            assertThat(second.cause()).isEqualTo(FailureCause.BULKHEAD_FULL);
            assertThat(second.message()).contains("1 calls are running");
            assertThat(first.get()).isInstanceOf(Answered.class);
            assertThat(http.call(get(), Repeat.NEVER, AMPLE)).isInstanceOf(Answered.class);
        }
    }

    @Test
    void aBulkheadLetsThoseWaitWhoMay() throws Exception {
        SERVER.stubFor(any(anyUrl()).willReturn(ok().withFixedDelay(20)));
        ResilientHttp http = http(config(TWICE, AMPLE, new Bulkhead(8, AMPLE)));
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Outcome>> calls = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                calls.add(threads.submit(() -> http.call(get(), Repeat.NEVER, AMPLE)));
            }
            for (Future<Outcome> call : calls) {
                assertThat(call.get()).isInstanceOf(Answered.class);
            }
        }
        assertThat(http.stats().running()).isZero();
    }

    @Test
    void anInterruptedCallEndsAndTheThreadStaysInterrupted() throws InterruptedException, ExecutionException {
        SERVER.stubFor(any(anyUrl()).willReturn(ok().withFixedDelay(20_000)));
        ResilientHttp http = http(TWICE);
        List<Object> seen = new ArrayList<>();
        Thread thread = Thread.ofVirtual().start(() -> {
            seen.add(http.call(get(), Repeat.ON_FAILURE, AMPLE));
            seen.add(Thread.currentThread().isInterrupted());
        });
        while (http.stats().running() == 0) {
            Thread.sleep(1);
        }
        thread.interrupt();
        thread.join();

        assertThat(((Failed) seen.get(0)).cause()).isEqualTo(FailureCause.INTERRUPTED);
        assertThat(seen.get(1)).isEqualTo(true);
        assertThat(http.stats().running()).isZero();
    }

    @Test
    void aClosedClientFails() {
        ResilientHttp http = http(TWICE);
        http.close();

        assertThat(http.call(get(), Repeat.NEVER, AMPLE)).isInstanceOf(Failed.class);
    }

    private static void firstThen(ResponseDefinitionBuilder first, ResponseDefinitionBuilder then) {
        SERVER.stubFor(any(anyUrl())
                .inScenario("first then")
                .whenScenarioStateIs(Scenario.STARTED)
                .willSetStateTo("then")
                .willReturn(first));
        SERVER.stubFor(any(anyUrl())
                .inScenario("first then")
                .whenScenarioStateIs("then")
                .willReturn(then));
    }

    private static HttpRequest get() {
        return get(uri());
    }

    private static HttpRequest get(URI uri) {
        return HttpRequest.newBuilder(uri).build();
    }

    private static URI uri() {
        return URI.create(SERVER.baseUrl() + "/x");
    }

    private static Duration since(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos);
    }

    private ResilientHttp http(Retry retry) {
        return http(config(retry, AMPLE, new Bulkhead(64, Duration.ZERO)));
    }

    private ResilientHttp breaking() {
        ResilienceConfig defaults = config(TWICE, AMPLE, new Bulkhead(4, Duration.ZERO));
        return http(new ResilienceConfig(
                defaults.connectTimeout(),
                AMPLE,
                1000,
                defaults.retry(),
                new Breaker(true, 50, 4, 4, Duration.ofMinutes(1), 2),
                defaults.bulkhead()));
    }

    private ResilientHttp http(ResilienceConfig config) {
        ResilientHttp http = new ResilientHttp("other", config, clock, new Random(1));
        opened.add(http);
        return http;
    }

    private static ResilienceConfig config(Retry retry, Duration attemptTimeout, Bulkhead bulkhead) {
        return new ResilienceConfig(
                Duration.ofSeconds(5), attemptTimeout, 1 << 20, retry, Breaker.disabled(), bulkhead);
    }
}
