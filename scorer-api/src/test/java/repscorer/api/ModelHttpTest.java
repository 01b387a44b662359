package repscorer.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.api.config.ServiceConfig;
import repscorer.core.blend.Calibration;
import repscorer.core.model.LinearMargin;
import repscorer.core.model.ModelFeature;
import repscorer.core.model.RankModel;
import repscorer.models.ModelFile;
import repscorer.yaml.ConfigException;
import tools.jackson.databind.JsonNode;

/** A surface with a column that a model computes, over HTTP: answers, explanations, why-nots, experiments, publications. */
class ModelHttpTest {

    private static final String SURFACES = "surfaces/follow.yaml";

    @TempDir
    static Path directory;

    private static Path config;
    private static TestService service;
    private static Http http;

    private static byte[] model(String name, List<String> features) {
        List<LinearMargin.Term> terms = features.stream()
                .map(feature -> new LinearMargin.Term(feature.startsWith("popularity"), .5, 2, 1, -.2))
                .toList();
        RankModel model = new RankModel(
                name,
                features.stream().map(ModelFeature::parse).toList(),
                new LinearMargin(-1, terms),
                new Calibration(List.of(new Calibration.Point(-6, .001), new Calibration.Point(3, .8))),
                new RankModel.Spread(.2, .1));
        return new ModelFile(model, new TreeMap<>(Map.of("goal", "follow"))).toBytes();
    }

    @BeforeAll
    static void start() throws IOException {
        config = TestService.copyConfig(directory.resolve("config"));
        Files.createDirectories(config.resolve("models"));
        Files.write(
                config.resolve("models/click.json"),
                model("click", List.of("column:twhin", "column:simclusters", "popularity:history-follow")));
        Path follow = config.resolve(SURFACES);
        Files.writeString(follow, Files.readString(follow).replace("\ncolumns:\n", """

                columns:
                  - {name: click, form: model, model: click, weight: 0.5}
                """));
        Files.createDirectories(config.resolve("experiments"));
        Files.writeString(config.resolve("experiments/heavier.yaml"), """
                experiment: click-heavier
                surface: follow
                layer: models
                enabled: true
                variants:
                  - {name: control, weight: 50}
                  - {name: heavier, weight: 50, overrides: {columns.click.weight: 7}}
                """);
        service = TestService.start(directory, options -> options.withConfigDirectory(config));
        service.publish("one", 1);
        http = service.http;
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static JsonNode ask(String more) {
        Http.Answer answer = http.post(
                "/v1/candidates",
                "{\"surface\": \"follow\", \"source\": {\"id\": \"user:6\"}, \"k\": 5, \"explain\": true%s}"
                        .formatted(more));
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.json();
    }

    private static JsonNode column(JsonNode candidate, String name) {
        return candidate
                .path("columns")
                .valueStream()
                .filter(each -> each.path("column").asString().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void anAnswerExplainsWhatMadeEachProbability() {
        JsonNode answer = ask("");
        assertThat(answer.path("candidates")).hasSize(5);
        for (JsonNode candidate : answer.path("candidates")) {
            JsonNode parts = candidate.path("models").get(0);
            assertThat(parts.path("model").asString()).isEqualTo("click");
            double sum = parts.path("base").asDouble();
            for (JsonNode feature : parts.path("features")) {
                sum += feature.path("part").asDouble();
            }
            assertThat(sum).isCloseTo(parts.path("margin").asDouble(), within(1e-9));
            double margin = parts.path("margin").asDouble();
            JsonNode click = column(candidate, "click");
            assertThat(click.path("raw").asDouble()).isCloseTo(.001 + (margin + 6) / 9 * .799, within(1e-9));
            assertThat(parts.at("/features/0/value").asDouble())
                    .isCloseTo(column(candidate, "twhin").path("raw").asDouble(), within(1e-5));
            assertThat(parts.at("/features/2/feature").asString()).isEqualTo("popularity:history-follow");
        }
        JsonNode unexplained = http.post(
                        "/v1/candidates", "{\"surface\": \"follow\", \"source\": {\"id\": \"user:6\"}}")
                .json();
        assertThat(unexplained.at("/candidates/0").has("models")).isFalse();
    }

    @Test
    void overridesAndExperimentsChangeItAsTheyDoAnyColumn() {
        assertThat(column(ask(",\"overrides\":{\"columns.click.weight\": 3}").at("/candidates/0"), "click")
                        .path("weight")
                        .asDouble())
                .isEqualTo(3);
        Map<String, Double> weights = new TreeMap<>();
        for (int unit = 0; unit < 20; unit++) {
            JsonNode answer = ask(",\"unit\":\"user:%s\"".formatted(unit));
            String variant = answer.at("/provenance/experiments")
                    .valueStream()
                    .filter(each -> each.path("experiment").asString().equals("click-heavier"))
                    .map(each -> each.path("variant").asString())
                    .findFirst()
                    .orElseThrow();
            weights.put(
                    variant,
                    column(answer.at("/candidates/0"), "click").path("weight").asDouble());
        }
        assertThat(weights).isEqualTo(Map.of("control", .5, "heavier", 7.0));
        assertThat(column(
                                ask(",\"overrides\":{\"columns.click.enabled\": false}")
                                        .at("/candidates/0"),
                                "click")
                        .path("missing")
                        .asString())
                .isEqualTo("disabled");
    }

    @Test
    void whyNotAndListsAndSurfacesKnowIt() {
        JsonNode why = http.post("/v1/why-not", """
                        {"surface": "follow", "source": {"id": "user:6"}, "k": 1, "id": "user:40"}""").json();
        assertThat(why.path("stage").asString()).as(why.toString()).isEqualToIgnoringCase("rank");
        assertThat(why.path("searches").toString()).doesNotContain("click").contains("twhin");
        JsonNode scores = http.post("/v1/scores", """
                        {"surface": "follow", "source": {"id": "user:6"}, "candidates": ["user:7", "user:none"], "explain": true}""").json();
        assertThat(column(scores.at("/scores/0"), "click").path("raw").asDouble())
                .as(scores.toString())
                .isBetween(0.0, 1.0);
        assertThat(scores.toString()).containsIgnoringCase("no_embedding_candidate".replace('_', '-'));
        JsonNode surface = http.get("/v1/surfaces")
                .json()
                .valueStream()
                .filter(each -> each.path("surface").asString().equals("follow"))
                .findFirst()
                .orElseThrow();
        assertThat(surface.path("columns").get(0).toString())
                .contains("\"form\":\"model\"", "\"model\":\"click\"", "\"digest\":\"", "popularity:history-follow")
                .doesNotContain("retrieve");
    }

    @Test
    void aReleaseThatLacksWhatAModelReadsIsRefused() {
        Map<String, Path> files = ReleaseFixture.write(directory.resolve("files-two"), 2);
        files.forEach((space, file) -> {
            if (!space.equals("history-follow")) {
                assertThat(http.stage("two", space, file)).returns(200, Http.Answer::status);
            }
        });
        Http.Answer refused = http.change("/v1/releases/two/publish?partial=true");
        assertThat(refused.text())
                .contains("model-lacks-space")
                .contains(
                        "model click reads popularity:history-follow of space history-follow, which the release lacks")
                .contains("column click of surface follow");
        assertThat(http.get("/v1/releases").text()).contains("{\"release\":\"one\",\"state\":\"LIVE\"");
    }

    @Test
    void aConfigurationWhoseModelReadsWhatItsSurfaceLacksIsRefusedWithItsPlace() throws IOException {
        Path other = TestService.copy(config, directory.resolve("other"));
        Files.write(other.resolve("models/click.json"), model("click", List.of("column:none")));
        assertThatThrownBy(() -> ServiceConfig.load(other, Map.of(), Map.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("follow.yaml line")
                .hasMessageContaining("model click reads column:none, which the plan lacks");
        Files.write(other.resolve("models/click.json"), model("clicks", List.of("column:twhin")));
        assertThatThrownBy(() -> ServiceConfig.load(other, Map.of(), Map.of()))
                .hasMessageContaining("click.json: model: must be what the file is called: 'clicks'");
        Files.delete(other.resolve("models/click.json"));
        assertThatThrownBy(() -> ServiceConfig.load(other, Map.of(), Map.of()))
                .hasMessageContaining("follow.yaml line")
                .hasMessageContaining("model: no model is called 'click'; models has [ad-click]");
    }
}
