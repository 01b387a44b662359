package repscorer.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.core.embedding.EmbeddingFileWriter;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.testing.DroppedLinks;
import tools.jackson.databind.JsonNode;

@DisplayName("Issue 19: a broken variant is stopped by itself within its first thousand exposures, an A/A test is not")
class GuardRailsHttpTest {

    @TempDir
    Path directory;

    private static ServiceOptions quick(ServiceOptions options) {
        return options.withSetting("traffic.warm-up-max", "100ms").withSetting("traffic.degrade", "false");
    }

    private static Http.Answer admin(TestService service, String method, String path, String body) {
        return service.http.send(
                method,
                path,
                body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body),
                List.of("Content-Type", "application/yaml", "Authorization", "Bearer " + Http.TOKEN));
    }

    private static void put(TestService service, String surface, String name, String overrides) {
        Http.Answer answer = admin(service, "PUT", "/v1/experiments/%s?reason=a%%20test".formatted(name), """
            experiment: %s
            surface: %s
            layer: guarded
            enabled: true
            variants:
              - {name: control, weight: 1}
              - {name: other, weight: 1, overrides: {%s}}
            guard-rails: {empty-rate: 0.02, shortfall-rate: 0.05, missing-rate: 0.05, error-rate: 0.01}
            """.formatted(
                        name, surface, overrides));
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    }

    private static JsonNode ask(TestService service, int unit) {
        return service.http
                .post("/v1/candidates", """
                        {"surface":"follow","source":{"id":"user:%s"},"unit":"unit:%s","k":5}""".formatted(unit % 40 + 1, unit))
                .json();
    }

    /** Answers how many exposures it took until the variant was stopped, or -1. */
    private static int exposedUntilStopped(TestService service, int from, int to) {
        int exposures = 0;
        for (int unit = from; unit < to; unit++) {
            JsonNode answer = ask(service, unit);
            if (answer.at("/provenance/notices").toString().contains("variant-stopped")) {
                return exposures;
            }
            exposures += answer.at("/provenance/experiments").toString().contains("\"other\"") ? 1 : 0;
        }
        return -1;
    }

    @Test
    void aBrokenVariantIsStoppedToldAndStaysStopped() {
        try (TestService service = TestService.start(directory, GuardRailsHttpTest::quick)) {
            service.publish("one", 1);
            // Nothing is near enough: an index that finds nothing looks like that.
            put(service, "follow", "broken", "columns.twhin.score-min: 2, columns.simclusters.score-min: 1000");
            assertThat(exposedUntilStopped(service, 0, 2_000)).isBetween(5, 1_000);

            JsonNode broken = service.http.get("/v1/experiments/broken").json().path("experiment");
            assertThat(broken.at("/variants/1/stopped").asBoolean()).isTrue();
            assertThat(broken.at("/variants/1/stoppedBy").asString())
                    .startsWith("guard-rail at ")
                    .contains("-rate is 1.0");
            assertThat(broken.at("/variants/0").has("stopped")).isFalse();
            JsonNode entry = admin(service, "GET", "/v1/experiments/broken/history", "")
                    .json()
                    .get(0);
            assertThat(entry.path("author").asString()).isEqualTo("guard-rail");
            assertThat(entry.path("part").asString()).isEqualTo("other");
            assertThat(new Http(service.running.managementUri())
                            .get("/actuator/prometheus")
                            .text())
                    .containsPattern("repscorer_experiments_stops_total\\{.*experiment=\"broken\".*} 1\\.0")
                    .containsPattern("repscorer_experiments_answers_total\\{.*variant=\"other\".*}");
            int stopped = stoppedUnit(service);
            assertThat(ask(service, stopped).path("candidates").size())
                    .as("as the surface says")
                    .isEqualTo(5);
        }
        try (TestService service = TestService.start(directory, GuardRailsHttpTest::quick)) {
            int stopped = stoppedUnit(service);
            assertThat(service.http
                            .get("/v1/experiments/assignments?unit=unit:" + stopped)
                            .text())
                    .contains("\"stopped\":true");
            assertThat(admin(service, "POST", "/v1/experiments/broken/variants/other/resume?reason=mended", "")
                            .status())
                    .isEqualTo(200);
            assertThat(ask(service, stopped).path("candidates").size()).isZero();
            assertThat(exposedUntilStopped(service, 2_000, 4_000))
                    .as("watched anew")
                    .isBetween(5, 1_000);
            assertThat(admin(service, "POST", "/v1/experiments/broken/variants/none/stop?reason=x", "")
                            .problem())
                    .isEqualTo("404 unknown-variant -");
        }
    }

    /** A release's graph loses most of its links: what its searches answer is there, and not the best there is. */
    @Test
    void aVariantWhoseGraphIsBrokenIsStoppedAndAnotherReleaseIsNot() throws IOException {
        Path home = directory.resolve("missed");
        try (TestService service = TestService.start(home, GuardRailsHttpTest::quick)) {
            publish(service, "whole", 5_200);
            publish(service, "broken", 5_201);
            Path graph = DroppedLinks.newestGraph(home);
            publish(service, "live", 5_202);
            Files.write(graph, DroppedLinks.of(Files.readAllBytes(graph), .8, 1));
        }
        try (TestService service = TestService.start(home, GuardRailsHttpTest::quick)) {
            assertThat(missed(service, "alike", "whole")).isEqualTo(-1);
            assertThat(missed(service, "worse", "broken"))
                    .as(service.http.get("/v1/live-recall").text())
                    .isBetween(5, 1_000);
        }
    }

    private void publish(TestService service, String release, int rows) throws IOException {
        Random random = new Random(7);
        EmbeddingFileWriter users =
                EmbeddingFileWriter.dense("twhin-user", "twhin", EntityKind.USER, ReleaseFixture.DIMENSION);
        for (int row = 1; row <= rows; row++) {
            float[] values = new float[ReleaseFixture.DIMENSION];
            for (int i = 0; i < 24; i++) { // fewer than there is room for: a graph finds its way
                values[i] = (float) random.nextGaussian();
            }
            users.add(EntityId.of(EntityKind.USER, row), values);
        }
        service.stage(release, 1);
        Path file = users.writeTo(Files.createDirectories(directory.resolve("written-" + release)));
        assertThat(service.http.stage(release, "twhin-user", file).status()).isEqualTo(200);
        assertThat(service.http
                        .change("/v1/releases/%s/publish?partial=true".formatted(release))
                        .status())
                .isEqualTo(200);
    }

    private static int missed(TestService service, String name, String release) {
        Http.Answer answer = admin(service, "PUT", "/v1/experiments/%s?reason=a%%20test".formatted(name), """
            experiment: %s
            surface: follow
            layer: %s
            enabled: true
            variants:
              - {name: control, weight: 1, overrides: {columns.twhin.ef: 40, columns.twhin.retrieve: 20}}
              - {name: other, weight: 1, overrides: {columns.twhin.ef: 40, columns.twhin.retrieve: 20, release: %s}}
            guard-rails: {missed-rate: 0.05}
            """.formatted(
                        name, name, release));
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        int exposed = exposedUntilStopped(service, 0, 1_500);
        if (exposed >= 0) {
            assertThat(service.http.get("/v1/experiments/" + name).text()).contains("missed-rate is ");
        }
        admin(service, "DELETE", "/v1/experiments/%s?reason=done".formatted(name), "");
        return exposed;
    }

    private static int stoppedUnit(TestService service) {
        for (int unit = 0; unit < 200; unit++) {
            if (ask(service, unit).at("/provenance/notices").toString().contains("variant-stopped")) {
                return unit;
            }
        }
        throw new AssertionError("half of the units are of the variant");
    }

    @Test
    void equalArmsGoOn() {
        try (TestService service = TestService.start(directory, GuardRailsHttpTest::quick)) {
            service.publish("one", 1);
            put(service, "follow", "equal", "columns.twhin.weight: 0.5");
            assertThat(exposedUntilStopped(service, 0, 2_000)).isEqualTo(-1);
        }
    }
}
