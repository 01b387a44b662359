package repscorer.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.api.security.AccessKeys;
import repscorer.api.security.Role;
import tools.jackson.databind.JsonNode;

@DisplayName("Issue 19: experiments over the admin API, with history, author and reason")
class ExperimentChangesHttpTest {

    private static final String ASK =
            "{\"surface\":\"follow\",\"source\":{\"id\":\"user:1\"},\"unit\":\"user:1\",\"k\":3}";

    private static final String DOCUMENT = """
        experiment: heavier
        surface: follow
        layer: other
        enabled: true
        variants:
          - {name: only, weight: 1, overrides: {columns.simclusters.weight: 2}}
        """;

    @TempDir
    Path directory;

    private static ServiceOptions quick(ServiceOptions options) {
        return options.withSetting("traffic.warm-up-max", "100ms");
    }

    private static Http.Answer send(
            TestService service, String method, String path, String body, String token, String... headers) {
        List<String> all =
                new ArrayList<>(List.of("Content-Type", "application/yaml", "Authorization", "Bearer " + token));
        all.addAll(List.of(headers));
        return service.http.send(
                method, path, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body), all);
    }

    private static String variants(TestService service) {
        JsonNode experiments = service.http.post("/v1/candidates", ASK).json().at("/provenance/experiments");
        List<String> variants = new ArrayList<>();
        experiments.forEach(each -> variants.add(
                each.path("experiment").asString() + "/" + each.path("variant").asString()));
        return String.join(" ", variants);
    }

    @Test
    void anExperimentIsPutChangedAndTakenAwayByItsAuthorAndOutlivesARestart() throws Exception {
        String key = AccessKeys.open(directory.resolve("data")).add("maria", Set.of(Role.EXPERIMENT), Optional.empty());
        String version;
        try (TestService service = TestService.start(directory, ExperimentChangesHttpTest::quick)) {
            service.publish("one", 1);
            assertThat(variants(service)).isEqualTo("follow-blend/control");

            Http.Answer put = send(service, "PUT", "/v1/experiments/heavier?reason=try%20it", DOCUMENT, key);
            assertThat(put.status()).as(put.text()).isEqualTo(200);
            assertThat(put.json().path("source").asString()).isEqualTo("api");
            assertThat(put.json().path("document").asString()).isEqualTo(DOCUMENT);
            version = put.json().path("version").asString();
            assertThat(put.header("ETag")).isEqualTo("\"" + version + "\"");
            assertThat(variants(service)).isEqualTo("follow-blend/control heavier/only");
            assertThat(service.http.get("/v1/config").text()).contains("api/experiments/heavier");

            // As JSON, by the version that is there; the older one and none are refused.
            String json = """
                {"experiment":"heavier","surface":"follow","layer":"other","enabled":false,
                 "variants":[{"name":"only","weight":1}]}""";
            assertThat(send(service, "PUT", "/v1/experiments/heavier?reason=x", json, key)
                            .problem())
                    .isEqualTo("428 version-missing -");
            assertThat(send(service, "PUT", "/v1/experiments/heavier?reason=x", json, key, "If-Match", "\"0\"")
                            .problem())
                    .isEqualTo("412 version-differs -");
            assertThat(send(service, "PUT", "/v1/experiments/heavier?reason=x", json, key, "If-None-Match", "*")
                            .problem())
                    .isEqualTo("412 version-differs -");
            assertThat(send(
                                    service,
                                    "PUT",
                                    "/v1/experiments/heavier?reason=off",
                                    json,
                                    Http.TOKEN,
                                    "If-Match",
                                    "\"" + version + "\"")
                            .status())
                    .isEqualTo(200);
            assertThat(variants(service)).isEqualTo("follow-blend/control");
            assertThat(send(service, "PUT", "/v1/experiments/heavier?reason=again", DOCUMENT, key, "If-Match", "*")
                            .status())
                    .isEqualTo(200);

            // What a file says is hidden by the API, and comes back.
            String hiding = DOCUMENT.replace("heavier", "follow-blend").replace("layer: other", "layer: blend");
            assertThat(send(service, "PUT", "/v1/experiments/follow-blend?reason=x", hiding, key, "If-Match", "*")
                            .status())
                    .isEqualTo(200);
            assertThat(variants(service)).isEqualTo("follow-blend/only heavier/only");
            assertThat(send(service, "DELETE", "/v1/experiments/follow-blend?reason=back", "", key)
                            .status())
                    .isEqualTo(204);
            assertThat(variants(service)).isEqualTo("follow-blend/control heavier/only");
            assertThat(send(service, "DELETE", "/v1/experiments/follow-blend?reason=back", "", key)
                            .problem())
                    .isEqualTo("409 experiment-of-file -");
        }
        try (TestService service = TestService.start(directory, ExperimentChangesHttpTest::quick)) {
            assertThat(variants(service)).isEqualTo("follow-blend/control heavier/only");
            JsonNode history =
                    service.http.getAsAdmin("/v1/experiments/heavier/history").json();
            List<String> told = new ArrayList<>();
            history.forEach(each -> told.add("%s by %s: %s"
                    .formatted(
                            each.path("outcome").asString(),
                            each.path("author").asString(),
                            each.path("reason").asString())));
            assertThat(told)
                    .containsExactly("taken by maria: again", "taken by admin token: off", "taken by maria: try it");
            assertThat(history.get(2).has("before")).isFalse();
            assertThat(history.get(1).path("before").asString()).isEqualTo(DOCUMENT);
            assertThat(send(service, "DELETE", "/v1/experiments/heavier?reason=done", "", key, "If-Match", version)
                            .status())
                    .isEqualTo(204);
            assertThat(service.http.get("/v1/experiments/heavier").problem()).isEqualTo("404 unknown-experiment -");
            assertThat(send(service, "DELETE", "/v1/experiments/heavier?reason=done", "", key)
                            .problem())
                    .isEqualTo("404 unknown-experiment -");
        }
    }

    @Test
    void whatBreaksARuleIsRefusedByItsPlaceChangesNothingAndIsInTheHistory() throws Exception {
        Path config = directory.resolve("config");
        TestService.copyConfig(config);
        try (TestService service = TestService.start(
                directory, options -> quick(options).withConfigDirectory(config).withSetting("config-watch", "0s"))) {
            String before = service.http.get("/v1/config").text();
            String bad = DOCUMENT.replace("simclusters.weight: 2", "simclusters.weight: 2000000");
            Http.Answer refused = send(service, "PUT", "/v1/experiments/heavier?reason=try", bad, Http.TOKEN);
            assertThat(refused.problem()).isEqualTo("422 config-refused -");
            assertThat(refused.detail())
                    .startsWith("api/experiments/heavier line 6: variants[0].overrides.columns.simclusters.weight: ");
            assertThat(send(service, "PUT", "/v1/experiments/other?reason=try", DOCUMENT, Http.TOKEN)
                            .detail())
                    .startsWith("api/experiments/other line 1: experiment: must be 'other'");
            assertThat(send(service, "PUT", "/v1/experiments/heavier?reason=try", "a: [", Http.TOKEN)
                            .problem())
                    .isEqualTo("422 config-refused -");
            assertThat(send(service, "PUT", "/v1/experiments/heavier?reason=%20", DOCUMENT, Http.TOKEN)
                            .problem())
                    .isEqualTo("400 reason-missing reason");
            assertThat(send(service, "PUT", "/v1/experiments/heavier", DOCUMENT, Http.TOKEN)
                            .problem())
                    .isEqualTo("400 field-missing reason");
            assertThat(send(service, "PUT", "/v1/experiments/heavier?reason=x", "#".repeat(65_537), Http.TOKEN)
                            .problem())
                    .isEqualTo("400 document-too-long body");
            assertThat(service.http.get("/v1/config").text()).isEqualTo(before);
            JsonNode history =
                    service.http.getAsAdmin("/v1/experiments/heavier/history").json();
            assertThat(history.size()).isEqualTo(2);
            assertThat(history.get(1).path("outcome").asString()).isEqualTo("refused");
            assertThat(history.get(1).path("refusal").asString()).isEqualTo(refused.detail());
            assertThat(history.get(1).path("after").asString()).isEqualTo(bad);

            // Files that do not go with what the API said are refused, and the old ones serve.
            String surface = DOCUMENT.replace("surface: follow", "surface: second");
            Path second = config.resolve("surfaces/second.yaml");
            Files.writeString(
                    second,
                    Files.readString(config.resolve("surfaces/follow.yaml"))
                            .replace("surface: follow", "surface: second"));
            assertThat(service.http.change("/v1/config/reload").status()).isEqualTo(200);
            assertThat(send(service, "PUT", "/v1/experiments/heavier?reason=x", surface, Http.TOKEN)
                            .status())
                    .isEqualTo(200);
            Files.delete(second);
            assertThat(service.http.change("/v1/config/reload").detail())
                    .startsWith("api/experiments/heavier line 2: surface: surface 'second' is not declared");
            assertThat(service.http.get("/v1/surfaces").text()).contains("\"second\"");
        }
        // A start leaves it out: the files are what was written last, and a service that stood still comes up.
        try (TestService service =
                TestService.start(directory, options -> quick(options).withConfigDirectory(config))) {
            assertThat(service.http.get("/v1/experiments/heavier").problem()).isEqualTo("404 unknown-experiment -");
            assertThat(send(service, "DELETE", "/v1/experiments/heavier?reason=gone", "", Http.TOKEN)
                            .status())
                    .isEqualTo(204);
        }
    }
}
