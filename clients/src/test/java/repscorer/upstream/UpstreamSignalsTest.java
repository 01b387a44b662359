package repscorer.upstream;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.status;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.WireMockServer;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import repscorer.resilience.ResilienceConfig;
import repscorer.wire.SignalBody;

@Timeout(30)
class UpstreamSignalsTest {

    private static final Duration AMPLE = Duration.ofSeconds(20);
    private static final Set<String> TYPES = Set.of("fav", "block");
    private static final WireMockServer SERVER =
            new WireMockServer(options().dynamicPort().jettyStopTimeout(100L));

    private final ManualTicker ticker = new ManualTicker();
    private UpstreamSignals signals;

    @BeforeAll
    static void start() {
        SERVER.start();
    }

    @AfterAll
    static void stop() {
        SERVER.stop();
    }

    @BeforeEach
    void open() {
        SERVER.resetAll();
        signals = new UpstreamSignals(
                URI.create(SERVER.baseUrl()),
                Optional.of("shown"),
                UpstreamSignals.KEPT_DEFAULT,
                ResilienceConfig.defaults(),
                ticker);
    }

    @AfterEach
    void close() {
        signals.close();
    }

    private static void answers(String signals) {
        SERVER.stubFor(any(anyUrl()).willReturn(okJson("{\"user\":\"user:a/b\",\"signals\":[%s]}".formatted(signals))));
    }

    @Test
    void signalsComeLatestFirstAndAreKeptForAWhile() {
        answers("{\"type\":\"fav\",\"entity\":\"tweet:1\",\"at\":\"2026-01-01T00:00:00Z\"},"
                + "{\"type\":\"block\",\"entity\":\"user:2\",\"at\":\"2026-01-02T00:00:00Z\"}");

        SignalsAnswer first = signals.fetch("user:a/b", TYPES, AMPLE);

        assertThat(first)
                .isEqualTo(new SignalsAnswer.Found(java.util.List.of(
                        new SignalBody("block", "user:2", "2026-01-02T00:00:00Z"),
                        new SignalBody("fav", "tweet:1", "2026-01-01T00:00:00Z"))));
        assertThat(signals.fetch("user:a/b", TYPES, AMPLE)).isEqualTo(first);
        SERVER.verify(
                1,
                getRequestedFor(urlEqualTo("/v1/signals/user:a%2Fb?types=block%2Cfav"))
                        .withHeader("Authorization", equalTo("Bearer shown")));
        ticker.advance(Duration.ofSeconds(6));
        signals.fetch("user:a/b", TYPES, AMPLE);
        SERVER.verify(2, anyRequestedFor(anyUrl()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{`entity`:`tweet:1`,`at`:`2026-01-01T00:00:00Z`} | lacks a type",
                "{`type`:`fav`,`at`:`2026-01-01T00:00:00Z`} | lacks a type, an entity",
                "{`type`:`fav`,`entity`:`tweet:1`,`at`:`yesterday`} | or a time",
                "{`type`:`mute`,`entity`:`user:1`,`at`:`2026-01-01T00:00:00Z`} | which was not asked for"
            })
    void whatIsNoSignalIsNotBelieved(String signal, String why) {
        answers(signal.replace('`', '"'));
        assertUnavailable("user:a/b", why);
    }

    @Test
    void troubleIsUnavailableAndNotKept() {
        SERVER.stubFor(any(anyUrl()).willReturn(status(404)));
        assertUnavailable("user:a/b", "status 404");
        answers("");
        assertUnavailable("user:other", "the answer is of user user:a/b");
        assertThat(signals.fetch("user:a/b", TYPES, AMPLE)).isEqualTo(new SignalsAnswer.Found(java.util.List.of()));
    }

    @Test
    void timeThatRanOutIsToldApart() {
        SERVER.stubFor(any(anyUrl()).willReturn(aResponse().withFixedDelay(1_000)));
        assertThat(signals.fetch("user:a/b", TYPES, Duration.ofMillis(50)))
                .isInstanceOfSatisfying(
                        SignalsAnswer.Unavailable.class,
                        gone -> assertThat(gone.timedOut()).isTrue());
    }

    private void assertUnavailable(String user, String why) {
        assertThat(signals.fetch(user, TYPES, AMPLE)).isInstanceOfSatisfying(SignalsAnswer.Unavailable.class, gone -> {
            assertThat(gone.cause()).contains(why);
            assertThat(gone.timedOut()).isFalse();
        });
    }
}
