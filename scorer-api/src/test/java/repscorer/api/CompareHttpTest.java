package repscorer.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.core.embedding.EmbeddingFile;
import repscorer.core.embedding.EmbeddingFileWriter;
import repscorer.core.entity.EntityKind;
import tools.jackson.databind.JsonNode;

/** Releases with planted changes, compared over HTTP. */
class CompareHttpTest {

    @TempDir
    static Path directory;

    private static TestService service;
    private static Http http;

    /** What becomes of a row of users. */
    private interface Change {

        /** @param rows all of them; an empty array for none */
        float[] of(int row, List<float[]> rows);
    }

    @BeforeAll
    static void start() throws IOException {
        service = TestService.start(directory, options -> options);
        http = service.http;
        service.publish("one", 1);
        staged("same", (row, rows) -> rows.get(row));
        staged("turned", (row, rows) -> turned(rows.get(row)));
        List<Integer> order = new ArrayList<>();
        for (int row = 0; row < ReleaseFixture.USERS; row++) {
            order.add(row);
        }
        Collections.shuffle(order, new Random(3));
        staged("shuffled", (row, rows) -> rows.get(order.get(row)));
        staged("fewer", (row, rows) -> row < 10 ? new float[0] : rows.get(row));
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static float[] turned(float[] row) {
        float[] other = new float[row.length];
        for (int i = 0; i < row.length; i++) {
            other[(i + 5) % row.length] = i % 2 == 0 ? row[i] : -row[i];
        }
        return other;
    }

    /** The same release but for its users, built and not live. */
    private static void staged(String name, Change change) throws IOException {
        var files = service.stage(name, 1);
        EmbeddingFile users = EmbeddingFile.open(Objects.requireNonNull(files.get("twhin-user")));
        List<float[]> rows = new ArrayList<>();
        for (int row = 0; row < users.count(); row++) {
            rows.add(users.denseRows().row(row));
        }
        EmbeddingFileWriter writer =
                EmbeddingFileWriter.dense("twhin-user", "twhin", EntityKind.USER, ReleaseFixture.DIMENSION);
        for (int row = 0; row < users.count(); row++) {
            float[] other = change.of(row, rows);
            if (other.length > 0) {
                writer.add(users.ids().id(row), other);
            }
        }
        Path file = writer.writeTo(Files.createDirectories(directory.resolve("changed-" + name)));
        assertThat(http.stage(name, "twhin-user", file).status()).isEqualTo(200);
        assertThat(http.change("/v1/releases/" + name + "/publish?stage=true").status())
                .isEqualTo(200);
    }

    private static JsonNode compared(String name) {
        Http.Answer answer = http.getAsAdmin("/v1/releases/one/compare/" + name);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.json();
    }

    private static JsonNode space(JsonNode comparison, String name) {
        for (JsonNode space : comparison.path("spaces")) {
            if (space.path("space").asString().equals(name)) {
                return space;
            }
        }
        throw new AssertionError("no space is called " + name);
    }

    private static double overlap(JsonNode space, int k, String figure) {
        for (JsonNode list : space.at("/neighbors/lists")) {
            if (list.path("k").asInt() == k) {
                return list.at("/overlap/" + figure).asDouble();
            }
        }
        throw new AssertionError("no neighbours at " + k);
    }

    private static JsonNode surface(JsonNode comparison, String name) {
        for (JsonNode surface : comparison.path("surfaces")) {
            if (surface.path("surface").asString().equals(name)) {
                return surface;
            }
        }
        throw new AssertionError("no surface is called " + name);
    }

    @Test
    @DisplayName("Issue 17: an equal release is equal in every figure")
    void anEqualRelease() {
        JsonNode comparison = compared("same");
        assertThat(comparison.path("spaces")).hasSize(7);
        for (JsonNode space : comparison.path("spaces")) {
            assertThat(space.path("onlyA").asInt() + space.path("onlyB").asInt())
                    .isZero();
            assertThat(space.path("rows").asString()).isEqualTo("same-training");
            if (space.has("neighbors")) {
                assertThat(space.at("/neighbors/exact").asBoolean()).isTrue();
                assertThat(space.at("/neighbors/lists/0/overlap/min").asDouble(1))
                        .isEqualTo(1);
            }
        }
        assertThat(space(comparison, "twhin-user").at("/dense/cosine/min").asDouble())
                .isCloseTo(1, within(1e-9));
        assertThat(space(comparison, "simclusters-interest")
                        .at("/sparse/greatestChanged")
                        .asDouble(1))
                .isZero();
        assertThat(space(comparison, "simclusters-interest")
                        .at("/sparse/labelsMoved")
                        .asDouble(1))
                .isZero();
        JsonNode follow = surface(comparison, "follow");
        assertThat(follow.path("sources").asInt()).isPositive();
        assertThat(follow.at("/answers/overlap/min").asDouble()).isEqualTo(1);
        assertThat(follow.path("worst")).isEmpty();
    }

    @Test
    @DisplayName("Issue 17: a turned space has low cosines and the same neighbours, and the answer says why")
    void aTurnedSpace() {
        JsonNode users = space(compared("turned"), "twhin-user");
        assertThat(Math.abs(users.at("/dense/cosine/mean").asDouble(1))).isLessThan(0.3);
        assertThat(users.at("/dense/normRatio/p50").asDouble()).isCloseTo(1, within(1e-6));
        assertThat(overlap(users, 10, "mean")).isGreaterThan(0.99);
        assertThat(users.path("rows").asString()).isEqualTo("unknown-training");
        assertThat(users.path("note").asString()).contains("only where one training made both");
    }

    @Test
    @DisplayName(
            "Issue 17: shuffled ids have the neighbours that chance gives, and the surface's worst sources are named")
    void shuffledIds() {
        JsonNode comparison = compared("shuffled");
        JsonNode users = space(comparison, "twhin-user");
        // Communities have ten users of forty: by chance a quarter of ten neighbours is shared.
        assertThat(overlap(users, 10, "mean")).isLessThan(0.5);
        JsonNode follow = surface(comparison, "follow");
        assertThat(follow.at("/answers/overlap/mean").asDouble()).isLessThan(1);
        assertThat(follow.at("/worst/0/source").asString()).startsWith("user:");
        assertThat(follow.at("/worst/0/a")).isNotEmpty();
        assertThat(follow.at("/worst/0/rankBiasedOverlap").asDouble())
                .isLessThanOrEqualTo(follow.at("/worst/1/rankBiasedOverlap").asDouble());
    }

    @Test
    @DisplayName("Issue 17: ids that went are counted, however few are drawn; the seed is told and repeats the draw")
    void idsThatWent() {
        Http.Answer answer = http.getAsAdmin("/v1/releases/one/compare/fewer?sample=4&sources=0&seed=9");
        JsonNode users = space(answer.json(), "twhin-user");
        assertThat(users.path("shared").asInt()).isEqualTo(ReleaseFixture.USERS - 10);
        assertThat(users.path("onlyA").asInt()).isEqualTo(10);
        assertThat(users.path("onlyB").asInt()).isZero();
        assertThat(users.path("drawn").asInt()).isEqualTo(4);
        assertThat(answer.json().path("seed").asInt()).isEqualTo(9);
        assertThat(answer.json().path("surfaces")).isEmpty();
        assertThat(http.getAsAdmin("/v1/releases/one/compare/fewer?sample=4&sources=0&seed=9")
                        .text())
                .isEqualTo(answer.text());
    }

    @Test
    @DisplayName("Issue 17: a page says the same, whole in itself")
    void aPage() {
        Http.Answer page = http.send(
                "GET",
                "/v1/releases/one/compare/turned",
                BodyPublishers.noBody(),
                List.of("Accept", "text/html", "Authorization", "Bearer " + Http.TOKEN));
        assertThat(page.status()).isEqualTo(200);
        assertThat(page.type()).startsWith("text/html");
        assertThat(page.text())
                .startsWith("<!doctype html>")
                .contains("<h1>one and turned</h1>", "<svg", "Space twhin-user", "Surface follow", "rbo@10")
                .contains("prefers-color-scheme:dark")
                .doesNotContain("<script", "http://", "https://", "<link", "url(", "NaN");
        assertThat(page.text().split("<svg", -1).length).isEqualTo(page.text().split("</svg>", -1).length);
    }

    @Test
    @DisplayName(
            "Issue 17: who may not ask, what is no release, what is out of range, and what takes too long are told")
    void whatIsRefused() {
        assertThat(http.get("/v1/releases/one/compare/same").problem()).isEqualTo("401 token-missing -");
        assertThat(http.getAsAdmin("/v1/releases/one/compare/nowhere").problem())
                .isEqualTo("404 unknown-release -");
        assertThat(http.getAsAdmin("/v1/releases/nowhere/compare/one").problem())
                .isEqualTo("404 unknown-release -");
        assertThat(http.getAsAdmin("/v1/releases/one/compare/same?sample=0").problem())
                .isEqualTo("400 sample-out-of-range sample");
        assertThat(http.getAsAdmin("/v1/releases/one/compare/same?sample=10001").detail())
                .isEqualTo("sample is 1 to 10000: 10001");
        assertThat(http.getAsAdmin("/v1/releases/one/compare/same?sources=-1").problem())
                .isEqualTo("400 sources-out-of-range sources");
        assertThat(http.getAsAdmin("/v1/releases/one/compare/same?sample=many").problem())
                .startsWith("400 ")
                .endsWith(" sample");
        assertThat(http.getAsAdmin("/v1/releases/one/compare/same?samples=1").problem())
                .isEqualTo("400 unknown-parameter samples");
        Http.Answer late = http.send(
                "GET",
                "/v1/releases/one/compare/same?sample=10000&sources=500",
                BodyPublishers.noBody(),
                List.of("X-Request-Deadline-Ms", "1", "Authorization", "Bearer " + Http.TOKEN));
        assertThat(late.problem()).isEqualTo("503 deadline-passed -");
        assertThat(http.getAsAdmin("/v1/releases/one/compare/one").status())
                .as("with itself")
                .isEqualTo(200);
    }
}
