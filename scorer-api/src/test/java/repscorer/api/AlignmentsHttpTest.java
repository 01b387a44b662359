package repscorer.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import repscorer.core.embedding.EmbeddingFileWriter;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import tools.jackson.databind.JsonNode;

/** Issue 17: callers with vectors of an older version are understood through an alignment, and refused without. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class AlignmentsHttpTest {

    private static final int ROWS = 400;
    private static final int D = ReleaseFixture.DIMENSION;

    @TempDir
    static Path directory;

    private static TestService service;
    private static Http http;
    private static final List<float[]> OLD = new ArrayList<>();
    private static final List<float[]> NEW = new ArrayList<>();
    private static String oldVersion = "";

    @BeforeAll
    static void start() throws IOException {
        service = TestService.start(directory, options -> options);
        http = service.http;
        Random random = new Random(11);
        for (int row = 0; row < ROWS; row++) {
            float[] values = new float[D];
            for (int i = 0; i < D; i++) {
                values[i] = (float) random.nextGaussian();
            }
            OLD.add(values);
            NEW.add(turned(values));
        }
        release("old", OLD);
        oldVersion = http.get("/v1/embeddings/twhin-user/user:1")
                .json()
                .path("version")
                .asString();
        release("new", NEW);
        List<float[]> mixed = new ArrayList<>(NEW);
        Collections.shuffle(mixed, random);
        stage("mixed", mixed);
        assertThat(http.change("/v1/releases/mixed/publish?stage=true").status())
                .isEqualTo(200);
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

    private static void release(String name, List<float[]> users) throws IOException {
        stage(name, users);
        Http.Answer published = http.change("/v1/releases/" + name + "/publish");
        assertThat(published.status()).as(published.text()).isEqualTo(200);
    }

    /** The fixture's release with other users. */
    private static void stage(String name, List<float[]> users) throws IOException {
        service.stage(name, 1);
        EmbeddingFileWriter writer = EmbeddingFileWriter.dense("twhin-user", "twhin", EntityKind.USER, D);
        for (int row = 0; row < users.size(); row++) {
            writer.add(EntityId.of(EntityKind.USER, Integer.toString(row)), users.get(row));
        }
        Path file = writer.writeTo(Files.createDirectories(directory.resolve("users-" + name)));
        assertThat(http.stage(name, "twhin-user", file).status()).isEqualTo(200);
    }

    private static Http.Answer candidates(float[] vector, String version) {
        String more = version.isEmpty() ? "" : ",\"version\":\"%s\"".formatted(version);
        return http.post(
                "/v1/candidates",
                "{\"surface\":\"follow\",\"k\":10,\"source\":{\"vector\":%s%s}}"
                        .formatted(Arrays.toString(vector), more));
    }

    private static List<String> ids(Http.Answer answer) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        List<String> ids = new ArrayList<>();
        answer.json().path("candidates").forEach(each -> ids.add(each.path("id").asString()));
        return ids;
    }

    @Test
    @Order(1)
    @DisplayName("without an alignment a mix of versions is refused, never scored raw")
    void withoutAnAlignmentItIsRefused() {
        assertThat(candidates(OLD.get(1), oldVersion).problem()).isEqualTo("409 not-aligned -");
        assertThat(http.get("/v1/embeddings/twhin-user/user:1?as=" + oldVersion).problem())
                .isEqualTo("409 not-aligned -");
        assertThat(candidates(NEW.get(1), "no-such-training").problem()).isEqualTo("409 not-aligned -");
        String own = http.get("/v1/embeddings/twhin-user/user:1")
                .json()
                .path("version")
                .asString();
        assertThat(ids(candidates(NEW.get(1), own))).isEqualTo(ids(candidates(NEW.get(1), "")));
    }

    @Test
    @Order(2)
    @DisplayName("mixed up ids are refused in words, and nothing is kept")
    void mixedUpIdsAreRefused() {
        Http.Answer refused = http.change("/v1/releases/mixed/alignments/old?recallMin=0.02&sample=500");
        assertThat(refused.problem()).isEqualTo("409 alignment-recall-too-low -");
        assertThat(refused.detail()).contains("neighbours of shared ids do not agree, so that nothing is kept");
        assertThat(http.getAsAdmin("/v1/releases/mixed/alignments").json().path("alignments"))
                .isEmpty();
    }

    @Test
    @Order(3)
    @DisplayName("with one, old vectors find what new ones do, and rows are served as the old version has them")
    void withOneOldVectorsAreUnderstood() {
        Http.Answer fitted =
                http.change("/v1/releases/new/alignments/old?method=procrustes&sample=500&space=twhin-user");
        assertThat(fitted.status()).as(fitted.text()).isEqualTo(200);
        JsonNode alignment = fitted.json().path("alignments").path(0);
        assertThat(alignment.path("model").asString()).isEqualTo("twhin");
        assertThat(alignment.at("/from/versions/twhin-user").asString()).isEqualTo(oldVersion);
        assertThat(alignment.at("/fits/0/forward/recall").asDouble()).isGreaterThan(0.99);
        assertThat(http.getAsAdmin("/v1/releases/new/alignments").json()).isEqualTo(fitted.json());

        for (int row = 0; row < 5; row++) {
            assertThat(ids(candidates(OLD.get(row), oldVersion))).isEqualTo(ids(candidates(NEW.get(row), "")));
        }
        JsonNode one =
                http.get("/v1/embeddings/twhin-user/user:7?as=" + oldVersion).json();
        assertThat(one.path("as").asString()).isEqualTo(oldVersion);
        near(one.at("/embeddings/0/vector"), OLD.get(7));
        JsonNode two = http.post("/v1/embeddings/twhin-user?as=" + oldVersion, "{\"ids\":[\"user:7\",\"user:999999\"]}")
                .json();
        near(two.at("/embeddings/0/vector"), OLD.get(7));
        assertThat(two.at("/embeddings/1/missing").asString()).isNotBlank();
        byte[] packed = http.packed("/v1/embeddings/twhin-user?as=" + oldVersion, "{\"ids\":[\"user:7\"]}");
        ByteBuffer values =
                ByteBuffer.wrap(packed).order(ByteOrder.LITTLE_ENDIAN).position(12);
        for (int i = 0; i < D; i++) {
            assertThat(values.getFloat()).isEqualTo(OLD.get(7)[i], within(1e-4f));
        }
    }

    private static Http.Answer delete(String path) {
        return http.send("DELETE", path, BodyPublishers.noBody(), List.of("Authorization", "Bearer " + Http.TOKEN));
    }

    private static void near(JsonNode vector, float[] expected) {
        assertThat(vector.size()).isEqualTo(D);
        for (int i = 0; i < D; i++) {
            assertThat(vector.path(i).asDouble()).isEqualTo(expected[i], within(1e-4));
        }
    }

    @Test
    @Order(4)
    void mistakesAreToldByTheirPlace() {
        assertThat(http.post(
                                "/v1/candidates",
                                "{\"surface\":\"follow\",\"source\":{\"id\":\"user:1\",\"version\":\"x\"}}")
                        .problem())
                .isEqualTo("400 malformed-source source.version");
        assertThat(candidates(new float[] {1, 2}, oldVersion).problem())
                .isEqualTo("400 dimension-differs source.vector");
        assertThat(http.get("/v1/embeddings/simclusters-interest/user:1?as=" + oldVersion)
                        .problem())
                .isEqualTo("400 form-differs as");
        assertThat(http.change("/v1/releases/new/alignments/nowhere").problem()).startsWith("404 ");
        assertThat(http.change("/v1/releases/new/alignments/old?method=magic").problem())
                .isEqualTo("400 unknown-method method");
        assertThat(http.change("/v1/releases/new/alignments/old?recallMin=0.01").problem())
                .isEqualTo("400 recall-min-out-of-range recallMin");
        assertThat(http.change("/v1/releases/new/alignments/new").problem()).isEqualTo("409 nothing-to-align -");
    }

    @Test
    @Order(5)
    void aDeletedOneIsNotUsed() {
        String name = http.getAsAdmin("/v1/releases/new/alignments")
                .json()
                .at("/alignments/0/name")
                .asString();
        assertThat(delete("/v1/releases/new/alignments/" + name).status()).isEqualTo(204);
        assertThat(candidates(OLD.get(1), oldVersion).problem()).isEqualTo("409 not-aligned -");
        assertThat(delete("/v1/releases/new/alignments/" + name).problem()).isEqualTo("404 unknown-alignment -");
    }
}
