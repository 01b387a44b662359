package repscorer.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.core.embedding.EmbeddingFileWriter;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import tools.jackson.databind.JsonNode;

/** What keeps a release from going live, and who lets it. */
class GatesHttpTest {

    private static final int ROWS = 300;

    @TempDir
    Path directory;

    /** Users of the same vectors under the ids from 1 on, in an order. */
    private void stage(TestService service, String release, List<Integer> order) throws IOException {
        Random random = new Random(7);
        EmbeddingFileWriter users =
                EmbeddingFileWriter.dense("twhin-user", "twhin", EntityKind.USER, ReleaseFixture.DIMENSION);
        for (int row = 0; row < ROWS; row++) {
            float[] values = new float[ReleaseFixture.DIMENSION];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) random.nextGaussian();
            }
            users.add(EntityId.of(EntityKind.USER, order.get(row)), values);
        }
        service.stage(release, 1);
        Path file = users.writeTo(Files.createDirectories(directory.resolve("written-" + release)));
        assertThat(service.http.stage(release, "twhin-user", file).status()).isEqualTo(200);
    }

    private static List<Integer> straight() {
        return IntStream.rangeClosed(1, ROWS).boxed().toList();
    }

    private static List<Integer> mixed() {
        return IntStream.range(0, ROWS).map(i -> i * 7 % ROWS + 1).boxed().toList();
    }

    private static JsonNode gate(JsonNode release, String gate, String of) {
        for (JsonNode each : release.path("gates")) {
            if (each.path("gate").asString().equals(gate)
                    && each.path("of").asString().equals(of)) {
                return each;
            }
        }
        throw new AssertionError("no gate %s of %s: %s".formatted(gate, of, release));
    }

    @Test
    @DisplayName(
            "Issue 17: mixed-up ids do not go live, are staged to be looked at, and go live by force with a reason that is kept")
    void mixedUpIdsAreKeptOutUntilForced() throws IOException {
        try (TestService service = TestService.start(directory, options -> options)) {
            Http http = service.http;
            stage(service, "one", straight());
            assertThat(http.change("/v1/releases/one/publish").status()).isEqualTo(200);
            stage(service, "two", mixed());
            Http.Answer refused = http.change("/v1/releases/two/publish");
            assertThat(refused.problem()).isEqualTo("409 gates-failed -");
            assertThat(refused.detail())
                    .contains("neighbours of twhin-user must be at least 0.1: ")
                    .contains("it stays staged");
            JsonNode two = http.get("/v1/releases/two").json();
            assertThat(two.path("state").asString()).isEqualTo("STAGED");
            assertThat(two.path("rejection").asString()).contains("neighbours of twhin-user");
            JsonNode failed = gate(two, "neighbours", "twhin-user");
            assertThat(failed.path("passed").asBoolean()).isFalse();
            assertThat(failed.path("value").asDouble()).isBetween(-.05, .05);
            assertThat(failed.path("min").asDouble()).isEqualTo(.1);
            assertThat(failed.has("max")).isFalse();
            assertThat(gate(two, "count", "twhin-user").path("passed").asBoolean())
                    .isTrue();
            assertThat(http.get("/v1/embeddings/twhin-user/user:1?release=two").status())
                    .isEqualTo(200);
            assertThat(http.get("/v1/releases").json().at("/1/state").asString())
                    .isEqualTo("LIVE");
            assertThat(http.get("/v1/releases/none").problem()).isEqualTo("404 unknown-release -");
        }
        try (TestService service = TestService.start(directory, options -> options)) {
            Http http = service.http;
            assertThat(http.change("/v1/releases/two/promote").problem()).isEqualTo("409 gates-failed -");
            assertThat(http.change("/v1/releases/two/promote?force=true").problem())
                    .isEqualTo("400 reason-missing reason");
            JsonNode live = http.change("/v1/releases/two/promote?force=true&reason=ids%20were%20dealt%20anew")
                    .json();
            assertThat(live.path("state").asString()).isEqualTo("LIVE");
            assertThat(live.path("forced").path("reason").asString()).isEqualTo("ids were dealt anew");
            assertThat(live.path("forced").path("by").asString()).isEqualTo("admin token");
            assertThat(live.has("rejection")).isFalse();
            // It was live before, so nobody holds it to anything.
            assertThat(http.change("/v1/releases/one/roll-back").status()).isEqualTo(200);
        }
        try (TestService service = TestService.start(directory, options -> options)) {
            JsonNode list = service.http.get("/v1/releases").json();
            assertThat(list.at("/0/release").asString()).isEqualTo("two");
            assertThat(list.at("/0/forced/reason").asString()).isEqualTo("ids were dealt anew");
            assertThat(gate(list.get(0), "neighbours", "twhin-user")
                            .path("passed")
                            .asBoolean())
                    .isFalse();
            assertThat(list.get(1).has("forced")).isFalse();
        }
    }

    @Test
    @DisplayName("a release that is staged tells what its gates would say; a force that was not needed is not kept")
    void aStagedReleaseTellsItsGates() throws IOException {
        try (TestService service =
                TestService.start(directory, options -> options.withSetting("gates.bounds.coverage-min", "0.9"))) {
            Http http = service.http;
            service.publish("one", 1);
            stage(service, "two", straight());
            JsonNode staged = http.change("/v1/releases/two/publish?stage=true").json();
            assertThat(gate(staged, "coverage", "twhin-user").path("value").asDouble())
                    .isEqualTo(1);
            assertThat(gate(staged, "coverage", "twhin-user").path("min").asDouble())
                    .isEqualTo(.9);
            service.stage("three", 1);
            JsonNode live = http.change("/v1/releases/three/publish?force=true&reason=haste")
                    .json();
            assertThat(live.path("state").asString()).isEqualTo("LIVE");
            assertThat(live.has("forced")).isFalse();
        }
    }

    private static List<String> best(TestService service, String release, int user) {
        return service.http
                .post(
                        "/v1/candidates",
                        "{\"surface\":\"follow\",\"source\":{\"id\":\"user:%s\"},\"k\":5,\"overrides\":{\"release\":\"%s\"}}"
                                .formatted(user, release))
                .json()
                .path("candidates")
                .findValuesAsString("id");
    }

    @Test
    @DisplayName("Issue 17: a release by which a surface finds too few held-out edges is kept out until it is forced")
    void heldOutEdges() throws IOException {
        Path edges = directory.resolve("held-out.tsv");
        Files.writeString(edges, "");
        try (TestService service = TestService.start(
                directory,
                options -> options.withSetting("gates.held-out.file", edges.toString())
                        .withSetting("gates.held-out.k", "5")
                        .withSetting("gates.held-out.recall-min", "0.8"))) {
            Http http = service.http;
            service.publish("one", 1);
            StringBuilder lines = new StringBuilder();
            for (int user = 1; user <= 30; user++) {
                for (String found : best(service, "one", user).subList(0, 3)) {
                    lines.append("follow\tuser:%s\t%s\n".formatted(user, found));
                }
                lines.append("follow\tuser:%s\tuser:99999\n".formatted(user)); // that no release finds
            }
            // The same vectors and another relation: nothing else notices.
            Files.writeString(edges, lines);
            service.stage("two", 1);
            EmbeddingFileWriter relation = EmbeddingFileWriter.dense(
                    "twhin-relation", "twhin", new EntityKind("relation"), ReleaseFixture.DIMENSION);
            float[] values = new float[ReleaseFixture.DIMENSION];
            new Random(3).ints(0, values.length).limit(9).forEach(i -> values[i] = 5);
            relation.add(EntityId.parse("relation:follow"), values);
            Path file = relation.writeTo(Files.createDirectories(directory.resolve("relation")));
            assertThat(http.stage("two", "twhin-relation", file).status()).isEqualTo(200);
            Http.Answer refused = http.change("/v1/releases/two/publish?force=false");
            assertThat(refused.problem()).as(refused.text()).isEqualTo("409 gates-failed -");
            assertThat(refused.detail()).contains("held-out-kept of follow must be at least 0.8: ");
            JsonNode two = http.get("/v1/releases/two").json();
            double recall = 0;
            for (int user = 1; user <= 30; user++) {
                List<String> wanted = best(service, "one", user).subList(0, 3);
                recall += best(service, "two", user).stream()
                                .filter(wanted::contains)
                                .count()
                        / 4.0
                        / 30;
            }
            assertThat(gate(two, "held-out@5", "follow").path("value").asDouble())
                    .isCloseTo(recall, within(1e-9));
            assertThat(gate(two, "held-out-kept", "follow").path("value").asDouble())
                    .isCloseTo(recall / .75, within(1e-9));
            // Spaces that are carried over answer beside its own.
            service.http.stage("three", "twhin-relation", file);
            assertThat(gate(
                                    http.change("/v1/releases/three/publish?stage=true&carry=*")
                                            .json(),
                                    "held-out@5",
                                    "follow")
                            .path("value")
                            .asDouble())
                    .isCloseTo(recall, within(1e-9));
            Files.writeString(edges, "follow\tuser:1\n");
            Http.Answer unread = http.change("/v1/releases/two/promote?force=true&reason=why");
            assertThat(unread.problem()).startsWith("409 held-out-unreadable");
            assertThat(unread.detail())
                    .endsWith(
                            "held-out.tsv line 1: a line is a surface, a source and a candidate, with tabs between: 2 words");
            Files.writeString(edges, "nowhere\tuser:1\tuser:2\n");
            assertThat(http.change("/v1/releases/two/promote").detail()).contains("no surface is called 'nowhere'");
            Files.writeString(edges, lines);
            assertThat(http.change("/v1/releases/two/promote?force=true&reason=another%20relation")
                            .json()
                            .path("state")
                            .asString())
                    .isEqualTo("LIVE");
        }
    }
}
