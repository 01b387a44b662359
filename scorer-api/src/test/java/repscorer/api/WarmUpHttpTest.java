package repscorer.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import repscorer.api.warm.WarmUp;

/** What a service did before it said that it is ready. */
@Timeout(120)
class WarmUpHttpTest {

    private static String asked(TestService service) {
        return service.http.get("/actuator/prometheus").text();
    }

    @Test
    @DisplayName(
            "S15: every surface that the release can answer was asked before readiness is up, after a publication and a start")
    void asksBeforeReady() {
        Path directory = TestService.newDirectory();
        try (TestService service = TestService.start(directory, options -> options)) {
            assertThat(service.http.get("/actuator/health/readiness").status()).isEqualTo(503);
            assertThat(asked(service)).doesNotContain("repscorer_answers_total");
            service.publish("one", 1);
            assertWarm(service);
        }
        try (TestService service = TestService.start(directory, options -> options)) {
            assertWarm(service);
        }
    }

    private static void assertWarm(TestService service) {
        assertThat(service.http.get("/actuator/health/readiness").status()).isEqualTo(200);
        String metrics = asked(service);
        for (String route : List.of("candidates", "scores")) {
            assertThat(metrics)
                    .containsPattern("repscorer_answers_total\\{[^}]*route=\"%s\"[^}]*surface=\"follow\"[^}]*\\} [1-9]"
                            .formatted(route));
        }
        assertThat(metrics).containsPattern("http_server_requests_seconds_count\\{[^}]*uri=\"/v1/why-not\"");
    }

    @Test
    @DisplayName("S15: not ready while it warms up")
    void notReadyMeanwhile() {
        try (TestService service = TestService.start(TestService.newDirectory(), options -> options)) {
            service.publish("one", 1);
            org.springframework.test.util.ReflectionTestUtils.setField(
                    service.running.context.getBean(WarmUp.class), "done", false);
            Http.Answer readiness = service.http.get("/actuator/health/readiness");
            assertThat(readiness.status()).isEqualTo(503);
            assertThat(readiness.text()).contains("\"warmingUp\":true");
            assertThat(service.http.get("/actuator/health/liveness").status()).isEqualTo(200);
            service.running.context.getBean(WarmUp.class).run();
            assertThat(service.http.get("/actuator/health/readiness").status()).isEqualTo(200);
        }
    }

    @Test
    @DisplayName("S15: bounded in time")
    void bounded() {
        try (TestService service = TestService.start(
                TestService.newDirectory(), options -> options.withSetting("traffic.warm-up-max", "1ms"))) {
            service.publish("one", 1);
            assertThat(service.http.get("/actuator/health/readiness").status()).isEqualTo(200);
        }
    }
}
