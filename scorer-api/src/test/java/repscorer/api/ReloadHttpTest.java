package repscorer.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.client.ScorerClient;
import tools.jackson.databind.JsonNode;

@DisplayName("Issue 19: another configuration comes into force while the service runs")
class ReloadHttpTest {

    private static final String ASK = """
        {"surface": "follow", "source": {"id": "user:1"}, "unit": "user:1", "explain": true}\
        """;

    @TempDir
    Path directory;

    private Path config() {
        return directory.resolve("config");
    }

    /** One that refuses nobody and seeks no less where the machine is busy with other things. */
    private TestService start(String watch) throws IOException {
        TestService.copyConfig(config());
        TestService service = TestService.start(
                directory,
                options -> options.withConfigDirectory(config())
                        .withSetting("config-watch", watch)
                        .withSetting("traffic.warm-up-max", "100ms")
                        .withSetting("traffic.wait-target", "1s")
                        .withSetting("traffic.wait-max", "10s")
                        .withSetting("traffic.degrade", "false"));
        service.publish("one", 1);
        return service;
    }

    private void edit(String file, String text, String by) throws IOException {
        Path path = config().resolve(file);
        String before = Files.readString(path);
        assertThat(before).contains(text);
        Files.writeString(path, before.replace(text, by));
    }

    private void write(String file, String text) throws IOException {
        Files.writeString(config().resolve(file), text);
    }

    private static void await(BooleanSupplier met) throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!met.getAsBoolean()) {
            assertThat(System.nanoTime()).as("within 20 seconds").isLessThan(deadline);
            Thread.sleep(20);
        }
    }

    /** One that must agree: how many are answered and what a column weighs and what its rule is called by the surface's file, the variant by the experiment's. */
    private void writeSet(String surface, String variant, int k, double weight) throws IOException {
        write(
                "surfaces/follow.yaml",
                surface.replace("k-default: 20", "k-default: " + k)
                        .replace("weight: 0.5", "weight: " + weight)
                        .replace("not-blocked", "not-blocked-" + variant));
        write("experiments/follow-blend.yaml", """
            experiment: follow-blend
            surface: follow
            layer: blend
            enabled: true
            variants:
              - {name: %s, weight: 1, overrides: {columns.simclusters.weight: %s}}
            """.formatted(variant, weight + 1));
    }

    /** An experiment in a layer of its own without overrides, or none, or a switch that concerns nobody. */
    private static int overlay(TestService service, int what) {
        String[][] changes = {
            {
                "PUT",
                "/v1/experiments/zz-other?reason=load",
                "{\"experiment\":\"zz-other\",\"surface\":\"follow\",\"layer\":\"zz\",\"enabled\":true,\"variants\":[{\"name\":\"v\",\"weight\":1}]}"
            },
            {"DELETE", "/v1/experiments/zz-other?reason=load", "{}"},
            {"PUT", "/v1/switches/caller/nobody", "{\"share\":0,\"reason\":\"load\"}"}
        };
        return service.http
                .send(
                        changes[what][0],
                        changes[what][1],
                        java.net.http.HttpRequest.BodyPublishers.ofString(changes[what][2]),
                        List.of("Content-Type", "application/json", "Authorization", "Bearer " + Http.TOKEN))
                .status();
    }

    private static String told(JsonNode answer) {
        JsonNode candidates = answer.path("candidates");
        List<String> weights = new ArrayList<>();
        candidates
                .get(0)
                .path("columns")
                .forEach(column -> weights.add(column.path("weight").asString()));
        return "%s %s %s %s"
                .formatted(
                        answer.at("/provenance/experiments/0/variant").asString(),
                        candidates.size(),
                        weights,
                        answer.at("/rules/0/rule").asString());
    }

    @Test
    @DisplayName("under load: no request fails, and each is answered by one configuration from beginning to end")
    void noRequestSeesHalfAConfiguration() throws Exception {
        try (TestService service = start("0s")) {
            String surface = Files.readString(config().resolve("surfaces/follow.yaml"));
            writeSet(surface, "arm-a", 3, 0.25);
            assertThat(service.http.change("/v1/config/reload").status()).isEqualTo(200);
            String a = told(service.http.post("/v1/candidates", ASK).json());
            writeSet(surface, "arm-b", 5, 0.5);
            assertThat(service.http.change("/v1/config/reload").status()).isEqualTo(200);
            String b = told(service.http.post("/v1/candidates", ASK).json());
            assertThat(a).startsWith("arm-a 3 ").endsWith(" not-blocked-arm-a");
            assertThat(b).startsWith("arm-b 5 ").endsWith(" not-blocked-arm-b").isNotEqualTo(a);

            Map<String, Integer> seen = new ConcurrentHashMap<>();
            AtomicInteger failed = new AtomicInteger();
            AtomicBoolean over = new AtomicBoolean();
            List<Thread> callers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                callers.add(Thread.ofPlatform().start(() -> {
                    while (!over.get()) {
                        Http.Answer answer = service.http.post("/v1/candidates", ASK);
                        if (answer.status() == 200) {
                            seen.merge(told(answer.json()), 1, Integer::sum);
                        } else {
                            failed.incrementAndGet();
                        }
                    }
                }));
            }
            for (int i = 0; i < 40; i++) {
                if (i % 2 == 0) {
                    writeSet(surface, "arm-a", 3, 0.25);
                } else {
                    writeSet(surface, "arm-b", 5, 0.5);
                }
                assertThat(service.http.change("/v1/config/reload").status()).isEqualTo(200);
                // What the API says lies over both sets, and is exchanged by itself.
                assertThat(overlay(service, i % 3)).isLessThan(300);
                Thread.sleep(25);
            }
            over.set(true);
            for (Thread caller : callers) {
                caller.join();
            }
            assertThat(failed.get()).as("failed of %s", seen).isZero();
            assertThat(seen.keySet()).containsExactlyInAnyOrder(a, b);
        }
    }

    @Test
    @DisplayName("a bad file is refused by file and line, and told; the old set serves; what is right again is taken")
    void aBadFileIsRefused() throws Exception {
        try (TestService service = start("50ms");
                ScorerClient client = ScorerClient.builder(service.running.uri())
                        .adminToken(Http.TOKEN)
                        .build()) {
            String before = told(service.http.post("/v1/candidates", ASK).json());
            String since = client.config().since();
            assertThat(client.config().refused()).isFalse();
            assertThat(client.config().lastRefusal()).isNull();
            assertThat(client.config().files()).containsKeys("scorer.yaml", "surfaces/follow.yaml", "signals.yaml");

            edit("surfaces/follow.yaml", "weight: 0.5", "weights: 0.5");
            await(() -> client.config().refused());

            String reason = java.util.Objects.requireNonNull(client.config().lastRefusal())
                    .reason();
            assertThat(reason)
                    .matches("surfaces/follow.yaml line \\d+: columns\\[0].weights: unknown key; known are .*");
            assertThat(client.config().since()).isEqualTo(since);
            assertThat(told(service.http.post("/v1/candidates", ASK).json())).isEqualTo(before);
            assertThat(metrics(service))
                    .containsPattern("repscorer_config_refused\\{.*} 1\\.0")
                    .containsPattern("repscorer_config_reloads_total\\{.*outcome=\"refused\".*} 1\\.0");
            Http.Answer refused = service.http.change("/v1/config/reload");
            assertThat(refused.problem()).isEqualTo("422 config-refused -");
            assertThat(refused.detail()).isEqualTo(reason);

            edit("surfaces/follow.yaml", "weights: 0.5", "weight: 0.5");
            await(() -> !client.config().refused());
            assertThat(client.config().since()).as("nothing was exchanged").isEqualTo(since);

            edit("surfaces/follow.yaml", "weight: 0.5", "weight: 0.125");
            await(() -> !client.config().since().equals(since));
            assertThat(told(service.http.post("/v1/candidates", ASK).json())).isNotEqualTo(before);
            assertThat(client.config().lastRefusal()).as("told on").isNotNull();
            assertThat(metrics(service))
                    .containsPattern("repscorer_config_refused\\{.*} 0\\.0")
                    .containsPattern("repscorer_config_reloads_total\\{.*outcome=\"taken\".*} 1\\.0");
        }
    }

    private static String metrics(TestService service) {
        return new Http(service.running.managementUri())
                .get("/actuator/prometheus")
                .text();
    }

    @Test
    void surfacesRulesSignalsAndExperimentsAreTakenAndWhatIsReadAtTheStartIsToldToNeedOne() throws Exception {
        try (TestService service = start("0s")) {
            assertThat(service.http.post("/v1/candidates", ASK).text()).contains("\"id\":\"user:17\"");
            String push = "{\"signals\":[{\"user\":\"user:1\",\"type\":\"poke\",\"entity\":\"user:17\"}]}";
            assertThat(push(service, push)).isEqualTo("400 malformed-signal signals[0]");
            edit("signals.yaml", "types:\n", "types:\n  - {name: poke, kind: user, age-max: 30d}\n");
            edit("surfaces/follow.yaml", "signals: [block, mute]", "signals: [block, mute, poke]");
            write(
                    "surfaces/again.yaml",
                    Files.readString(config().resolve("surfaces/follow.yaml"))
                            .replace("surface: follow", "surface: again"));
            write("layers.yaml", "hold-out: {share: 1}\n");
            edit("scorer.yaml", "port: 8080", "port: 8081");
            edit("spaces/twhin.yaml", "dimension: 64", "dimension: 65");

            Http.Answer reloaded = service.http.change("/v1/config/reload");

            assertThat(reloaded.status()).as(reloaded.text()).isEqualTo(200);
            assertThat(reloaded.json().path("needsRestart").valueStream().map(JsonNode::asString))
                    .containsExactly("scorer.yaml", "spaces/twhin.yaml");
            assertThat(push(service, push)).startsWith("200");
            String again = service.http
                    .post("/v1/candidates", ASK.replace("follow", "again"))
                    .text();
            assertThat(again).contains("\"id\":\"user:5\"").doesNotContain("\"id\":\"user:17\"");
            assertThat(service.http.get("/v1/surfaces").text()).contains("\"again\"");
            JsonNode assignments =
                    service.http.get("/v1/experiments/assignments?unit=user:1").json();
            assertThat(assignments.path("assignments").isEmpty()).isTrue();
            assertThat(assignments.at("/heldOut/everywhere").asBoolean()).isTrue();

            Files.delete(config().resolve("surfaces/again.yaml"));
            edit("signals.yaml", "users-max: ", "users-max: 1");
            assertThat(service.http
                            .change("/v1/config/reload")
                            .json()
                            .path("needsRestart")
                            .toString())
                    .contains("signals.yaml users-max");
            assertThat(service.http
                            .post("/v1/candidates", ASK.replace("follow", "again"))
                            .problem())
                    .isEqualTo("404 unknown-surface -");
        }
    }

    private static String push(TestService service, String body) {
        return service.http
                .send(
                        "POST",
                        "/v1/signals",
                        java.net.http.HttpRequest.BodyPublishers.ofString(body),
                        List.of("Content-Type", "application/json", "Authorization", "Bearer " + Http.TOKEN))
                .problem();
    }

    @Test
    void whoReloadsIsTheAdministrator() throws Exception {
        Http.Answer refused = TestService.shared().http.post("/v1/config/reload", "");
        assertThat(refused.problem()).isEqualTo("401 token-missing -");
    }
}
