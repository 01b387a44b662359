package repscorer.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

@DisplayName("Issue 19: an outside flag system drives plans through OpenFeature")
class FlagsHttpTest {

    private static final String DOCUMENT = """
        experiment: flagged
        surface: follow
        layer: flagged
        bucketing: openfeature
        salt: a-flag
        enabled: true
        variants:
          - {name: control, weight: 1}
          - {name: heavier, weight: 1, overrides: {columns.simclusters.weight: 2}}
        """;

    @TempDir
    Path directory;

    private static Http.Answer put(TestService service, String document) {
        return service.http.send(
                "PUT",
                "/v1/experiments/flagged?reason=x",
                BodyPublishers.ofString(document),
                List.of("Content-Type", "application/yaml", "Authorization", "Bearer " + Http.TOKEN));
    }

    private static JsonNode provenance(TestService service, String unit) {
        Http.Answer answer = service.http.post(
                "/v1/candidates",
                "{\"surface\":\"follow\",\"source\":{\"id\":\"user:1\"},\"k\":3,\"unit\":\"%s\"}".formatted(unit));
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.json().path("provenance");
    }

    private static void assertNobody(TestService service, String unit, String why) {
        JsonNode provenance = provenance(service, unit);
        assertThat(provenance.path("experiments").toString()).doesNotContain("flagged");
        if (why.isEmpty()) {
            assertThat(provenance.path("notices").toString()).doesNotContain("flag");
        } else {
            assertThat(provenance.path("notices").toString())
                    .contains("flags-unavailable")
                    .contains(why);
        }
    }

    @Test
    void itsVariantIsOursAndWhatGoesWrongIsNobodyWithANotice() {
        try (TestService service = TestService.start(
                directory,
                options -> options.withSetting("openfeature.provider", TestFlags.class.getName())
                        .withSetting("openfeature.timeout", "300ms")
                        .withSetting("traffic.warm-up-max", "100ms"))) {
            service.publish("one", 1);
            assertThat(put(service, DOCUMENT).status()).isEqualTo(200);
            assertThat(provenance(service, "in:1").path("experiments").toString())
                    .contains("{\"experiment\":\"flagged\",\"variant\":\"heavier\"}");
            assertThat(provenance(service, "text:1").path("experiments").toString())
                    .contains("{\"experiment\":\"flagged\",\"variant\":\"control\"}");
            assertThat(service.http.post("/v1/candidates", """
                                {"surface":"follow","source":{"id":"user:1"},"k":3,"unit":"told:1","context":{"arm":"heavier"}}""").text())
                    .as("a context is the flag system's attributes")
                    .contains("{\"experiment\":\"flagged\",\"variant\":\"heavier\"}");
            assertThat(service.http.get("/v1/experiments/assignments?unit=in:1").text())
                    .contains("\"variant\":\"heavier\"");
            assertNobody(service, "out:1", "");
            assertNobody(service, "strange:1", "unheard-of");
            assertNobody(service, "error:1", "FLAG_NOT_FOUND no a-flag");
            assertNobody(service, "throws:1", "broken");
            long begun = System.nanoTime();
            assertNobody(service, "slow:1", "not answered within");
            assertThat(System.nanoTime() - begun)
                    .as("it waits no longer than it may")
                    .isLessThan(10_000_000_000L);
            int asked = TestFlags.ASKED.get();
            service.http.post("/v1/candidates", "{\"surface\":\"follow\",\"source\":{\"id\":\"user:1\"},\"k\":3}");
            assertThat(TestFlags.ASKED.get()).as("nobody is asked for no unit").isEqualTo(asked);
        }
    }

    @Test
    void withoutAFlagSystemSuchAnExperimentIsRefusedAndAClassThatIsNoneStopsTheStart() {
        assertThat(put(TestService.shared(), DOCUMENT).detail())
                .startsWith("api/experiments/flagged line 4: bucketing: openfeature needs openfeature.provider");
        assertThatThrownBy(() -> TestService.start(
                        directory, options -> options.withSetting("openfeature.provider", "java.lang.String")))
                .isInstanceOf(StartException.class)
                .hasMessageContaining(
                        "openfeature.provider must name a class on the class path that is a FeatureProvider");
    }
}
