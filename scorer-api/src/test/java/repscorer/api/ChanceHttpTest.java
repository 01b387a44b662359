package repscorer.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;

/** Exploration, interleaving and shadows over HTTP, out of files. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ChanceHttpTest {

    private static final String MIX = """
            experiment: mix
            surface: follow
            layer: mix
            enabled: true
            variants:
              - {name: control, weight: 0}
              - {name: clusters, weight: 0, overrides: {columns.twhin.weight: 0.01}}
              - name: both
                weight: 1
                interleave: {method: team-draft, of: [control, clusters]}
            """;
    private static final String LIGHTER = """
            shadow: lighter
            surface: follow
            share: 1
            overrides: {columns.twhin.weight: 0.01}
            """;

    private static final String CALIBRATION = """

            calibration:
              points:
                - {score: -100, probability: 0}
                - {score: 100, probability: 1}
            """;

    private final Path directory = TestService.newDirectory();

    @SuppressWarnings("NullAway.Init") // set before all tests
    private TestService service;

    private Path config() {
        return directory.resolve("config");
    }

    @BeforeAll
    void start() throws IOException {
        try (Stream<Path> files = Files.walk(TestService.configDirectory())) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path name = TestService.configDirectory().relativize(file);
                if (!name.startsWith("training") && !name.startsWith("demo")) {
                    Files.createDirectories(config().resolve(name).getParent());
                    Files.copy(file, config().resolve(name));
                }
            }
        }
        Files.delete(config().resolve("experiments/follow-blend.yaml"));
        Files.createDirectories(config().resolve("shadows"));
        write("experiments/mix.yaml", MIX);
        write("shadows/lighter.yaml", LIGHTER);
        write("shadows/gone.yaml", "{shadow: gone, surface: follow, share: 1, overrides: {release: nowhere}}\n");
        Path search = config().resolve("surfaces/search.yaml");
        Files.writeString(search, Files.readString(search) + CALIBRATION);
        service = TestService.start(
                directory,
                options -> options.withConfigDirectory(config())
                        .withSetting("config-watch", "0s")
                        .withSetting("traffic.warm-up-max", "100ms")
                        .withSetting("traffic.wait-target", "1s")
                        .withSetting("traffic.wait-max", "10s")
                        .withSetting("traffic.degrade", "false"));
        service.publish("one", 1);
    }

    @AfterAll
    void stop() {
        service.close();
    }

    private void write(String file, String text) throws IOException {
        Files.writeString(config().resolve(file), text);
    }

    private JsonNode ask(String rest) {
        Http.Answer answer = service.http.post(
                "/v1/candidates",
                "{`surface`:`follow`,`source`:{`id`:`user:1`},`k`:6%s}"
                        .formatted(rest)
                        .replace('`', '"'));
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.json();
    }

    private static List<String> ids(JsonNode answer) {
        List<String> ids = new ArrayList<>();
        answer.path("candidates").forEach(each -> ids.add(each.path("id").asString()));
        return ids;
    }

    private static void await(BooleanSupplier met) throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!met.getAsBoolean()) {
            assertThat(System.nanoTime()).as("within a minute").isLessThan(deadline);
            Thread.sleep(20);
        }
    }

    private JsonNode search(String overrides) {
        return service.http
                .post(
                        "/v1/candidates",
                        "{\"surface\":\"search\",\"source\":{\"id\":\"user:1\"},\"k\":6,\"overrides\":{%s}}"
                                .formatted(overrides))
                .json()
                .path("candidates");
    }

    @Test
    void aScoreIsAProbabilityWhereNothingChangedWhatItMeans() {
        assertThat(search(""))
                .isNotEmpty()
                .allSatisfy(each -> assertThat(each.path("probability").asDouble())
                        .isCloseTo((each.path("score").asDouble() + 100) / 200, within(1e-12)));
        assertThat(search("\"columns.twhin.ef\":300").path(0).has("probability"))
                .isTrue();
        JsonNode others = search("\"columns.twhin.weight\":0.3");
        assertThat(others).isNotEmpty();
        assertThat(others.path(0).has("probability")).isFalse();
        service.http
                .get("/v1/surfaces")
                .json()
                .forEach(surface -> assertThat(
                                surface.at("/calibration/1/probability").asDouble(-1))
                        .isEqualTo(surface.path("surface").asString().equals("search") ? 1 : -1));
    }

    @Test
    void withoutChanceAnswersSayNothingOfIt() {
        JsonNode answer = ask("");
        assertThat(answer.has("chance")).isFalse();
        assertThat(answer.path("candidates").get(0).propertyNames()).containsExactly("rank", "id", "score");
        service.http
                .get("/v1/surfaces")
                .json()
                .forEach(surface -> assertThat(surface.has("explore")).isFalse());
    }

    @Test
    void aDecisionIsDrawnAgainByItsId() {
        String overrides = "`explore.method`:`uniform`,`explore.after`:2,`explore.window`:30";
        JsonNode answer = ask(",`overrides`:{" + overrides + "}");
        String decision = answer.at("/provenance/decisionId").asString();
        assertThat(answer.at("/chance/seed").asString()).isEqualTo(decision);
        assertThat(answer.at("/chance/exploration").asString()).isEqualTo("uniform");
        assertThat(ids(answer).subList(0, 2)).isEqualTo(ids(ask("")).subList(0, 2));
        assertThat(answer.at("/candidates/1/propensity").asDouble()).isEqualTo(1);
        double third = answer.at("/candidates/2/propensity").asDouble();
        assertThat(third).isLessThan(1);
        assertThat(1 / answer.at("/candidates/3/propensity").asDouble()).isCloseTo(1 / third - 1, within(1e-9));
        JsonNode again = ask(",`overrides`:{" + overrides + ",`seed`:`" + decision + "`}");
        assertThat(again.path("candidates")).isEqualTo(answer.path("candidates"));
        JsonNode whyNot = service.http
                .post(
                        "/v1/why-not",
                        "{`id`:`%s`,`surface`:`follow`,`source`:{`id`:`user:1`},`k`:6,`overrides`:{%s,`seed`:`%s`}}"
                                .formatted(ids(answer).get(4), overrides, decision)
                                .replace('`', '"'))
                .json();
        assertThat(whyNot.path("stage").asString()).isEqualTo("answered");
        assertThat(whyNot.path("rank").asInt()).isEqualTo(5);
    }

    @Test
    void whatIsOutOfBoundsIsRefusedByItsKey() {
        for (List<String> each : List.of(
                List.of("`explore.method`:`greedy`", "override-out-of-bounds overrides.explore.method"),
                List.of("`explore.window`:5", "override-out-of-bounds overrides.explore.window"),
                List.of("`explore.speed`:5", "unknown-override overrides.explore.speed"))) {
            Http.Answer refused = service.http.post(
                    "/v1/candidates",
                    "{`surface`:`follow`,`source`:{`id`:`user:1`},`overrides`:{%s}}"
                            .formatted(each.get(0))
                            .replace('`', '"'));
            assertThat(refused.problem()).isEqualTo("400 " + each.get(1));
        }
    }

    @Test
    void twoVariantsShareAnAnswer() {
        JsonNode answer = ask(",`unit`:`user:1`,`explain`:true");
        assertThat(answer.at("/chance/interleaved/method").asString()).isEqualTo("team-draft");
        assertThat(answer.at("/chance/interleaved/teams").toString()).isEqualTo("[\"control\",\"clusters\"]");
        assertThat(answer.at("/provenance/experiments/0/variant").asString()).isEqualTo("both");
        assertThat(ids(answer)).doesNotHaveDuplicates().hasSize(6);
        int ofControl = 0;
        for (JsonNode candidate : answer.path("candidates")) {
            String team = candidate.path("team").asString();
            ofControl += team.equals("control") ? 1 : 0;
            assertThat(candidate.path("credit").asDouble()).isEqualTo(1);
            assertThat(candidate.path("propensity").asDouble()).isBetween(.25, 1.0);
        }
        assertThat(ofControl).isEqualTo(3);
        JsonNode told = service.http.get("/v1/experiments").json();
        assertThat(told.toString())
                .contains("\"interleave\":{\"method\":\"team-draft\",\"of\":[\"control\",\"clusters\"]}");
    }

    @Test
    void shadowsAreComparedCountedAndExchanged() throws Exception {
        assertThat(service.http.get("/v1/shadows").status()).as("names users").isEqualTo(401);
        String before =
                service.http.getAsAdmin("/v1/shadows").json().path("since").asString();
        for (int i = 0; i < 5; i++) {
            ask("");
        }
        await(() -> shadow("lighter").path("compared").asInt() > 0
                && shadow("gone").path("failed").asInt() > 0);
        JsonNode lighter = shadow("lighter");
        assertThat(lighter.at("/overlap/mean").asDouble()).isBetween(0.0, 1.0);
        assertThat(lighter.at("/rankBiasedOverlap/count").asInt()).isPositive();
        assertThat(lighter.at("/latencyRatio/p50").asDouble()).isPositive();
        assertThat(lighter.at("/worst/0/source").asString()).isEqualTo("user:1");
        assertThat(shadow("gone").path("failure").asString()).contains("nowhere");
        // Recorded one after the other, after what the reports tell.
        await(() -> service.http.get("/actuator/prometheus").text().contains("repscorer_shadow_latency_ratio_count{"));
        assertThat(service.http.get("/actuator/prometheus").text())
                .containsPattern("repscorer_shadow_requests_total\\{.*outcome=\"compared\".*shadow=\"lighter\".*}")
                .containsPattern("repscorer_shadow_rank_biased_overlap_count\\{.*shadow=\"lighter\".*}");

        write("shadows/lighter.yaml", LIGHTER.replace("share: 1", "share: 2"));
        Http.Answer refused = service.http.change("/v1/config/reload");
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.text()).contains("shadows/lighter.yaml").contains("share must be 0 to 1: 2.0");
        write("shadows/lighter.yaml", LIGHTER.replace("share: 1", "share: 0.5"));
        assertThat(service.http.change("/v1/config/reload").status()).isEqualTo(200);
        assertThat(shadow("lighter").path("share").asDouble()).isEqualTo(.5);
        assertThat(service.http.getAsAdmin("/v1/shadows").json().path("since").asString())
                .isGreaterThan(before);
    }

    private JsonNode shadow(String name) {
        for (JsonNode each : service.http.getAsAdmin("/v1/shadows").json().path("shadows")) {
            if (each.path("shadow").asString().equals(name)) {
                return each;
            }
        }
        throw new AssertionError("no shadow is called " + name);
    }
}
