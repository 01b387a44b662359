package repscorer.api;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.WireMockServer;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Requests that wait for a slow upstream, of a service with one turn. */
@Timeout(180)
@SuppressWarnings("NullAway.Init")
class UpstreamLoadHttpTest {

    private static WireMockServer upstream;
    private static TestService service;

    @BeforeAll
    static void start() {
        upstream = new WireMockServer(wireMockConfig().dynamicPort().containerThreads(64));
        upstream.start();
        upstream.stubFor(
                any(anyUrl()).willReturn(aResponse().withFixedDelay(1_500).withStatus(404)));
        service = TestService.start(
                TestService.newDirectory(),
                options -> options.withSetting("searches-max", "1")
                        .withSetting("traffic.warm-up-max", "1ms")
                        .withSetting("upstream.enabled", "true")
                        .withSetting("upstream.base", upstream.baseUrl())
                        .withSetting("upstream.budget", "20s")
                        .withSetting("upstream.http.attempt-timeout", "20s")
                        .withSetting("upstream.fetch-budget", "20s")
                        .withSetting("upstream.http.breaker.enabled", "false"));
        service.publish("one", 1);
        ask("user:600", List.of());
    }

    @AfterAll
    static void stop() {
        service.close();
        upstream.stop();
    }

    private static Http.Answer ask(String id, List<String> more) {
        List<String> headers = new ArrayList<>(List.of("Content-Type", "application/json"));
        headers.addAll(more);
        return service.http.send("POST", "/v1/candidates", BodyPublishers.ofString("""
                {"surface": "follow", "source": {"id": "%s"}, "k": 5}""".formatted(id)), headers);
    }

    @Test
    @DisplayName("S14: who waits for others lends its turn: those who come meanwhile are not refused")
    void lendsItsTurn() throws InterruptedException {
        List<Integer> statuses = Collections.synchronizedList(new ArrayList<>());
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            String id = "user:" + (700 + i);
            threads.add(Thread.ofVirtual()
                    .start(() -> statuses.add(ask(id, List.of()).status())));
            Thread.sleep(100);
        }
        assertThat(ask("user:1", List.of()).status()).isEqualTo(200);
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(statuses).hasSize(12).containsOnly(404);
    }

    @Test
    @DisplayName(
            "S14: a request's own deadline ends what it waits for upstream, and the source counts as not known in time")
    void theDeadlineEndsUpstreamsToo() {
        Http.Answer late = ask("user:800", List.of("X-Request-Deadline-Ms", "700"));
        assertThat(late.problem()).isIn("503 upstream-unavailable -", "503 deadline-passed -");
        assertThat(ask("user:801", List.of()).status()).isEqualTo(404);
    }
}
