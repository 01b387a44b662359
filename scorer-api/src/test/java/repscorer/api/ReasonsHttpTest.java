package repscorer.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.core.embedding.EmbeddingFileWriter;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.vector.SparseVector;
import tools.jackson.databind.JsonNode;

/** Whom to follow on the shipped surface: users 1 follows 2 and 3, who follow 20; user 30 follows user 1. */
class ReasonsHttpTest {

    private static final List<EntityId> USERS = IntStream.rangeClosed(0, 40)
            .mapToObj(user -> EntityId.of(EntityKind.USER, user))
            .toList();

    @TempDir
    static Path directory;

    private static TestService service;

    @BeforeAll
    static void start() throws IOException {
        service = TestService.start(directory, options -> options);
        service.stage("plain", 1);
        assertThat(service.http.change("/v1/releases/plain/publish")).returns(200, Http.Answer::status);
        service.stage("network", 1);
        stage("social-self", Map.of(1, row(1)));
        stage("social-followees", Map.of(1, row(2, 3), 30, row(1), 20, row(5)));
        stage("social-followers", Map.of(20, row(2, 3), 30, row(5)));
        EmbeddingFileWriter names = EmbeddingFileWriter.texts("text-user", "text", EntityKind.USER);
        names.add(EntityId.of(EntityKind.USER, 2), "@ann");
        Path texts = names.writeTo(Files.createTempDirectory(directory, "texts"));
        assertThat(service.http.stage("network", "text-user", texts)).returns(200, Http.Answer::status);
        assertThat(service.http.change("/v1/releases/network/publish")).returns(200, Http.Answer::status);
    }

    private static void stage(String space, Map<Integer, SparseVector> rows) throws IOException {
        EmbeddingFileWriter writer = EmbeddingFileWriter.sparse(space, "social", EntityKind.USER, USERS, Map.of());
        rows.forEach((user, row) -> writer.add(EntityId.of(EntityKind.USER, user), row));
        Path file = writer.writeTo(Files.createTempDirectory(directory, "social"));
        assertThat(service.http.stage("network", space, file)).returns(200, Http.Answer::status);
    }

    private static SparseVector row(int... columns) {
        float[] weights = new float[columns.length];
        Arrays.fill(weights, 1);
        return new SparseVector(columns, weights);
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static JsonNode follow(String more) {
        Http.Answer answer = service.http.post(
                "/v1/candidates", "{\"surface\":\"follow\",\"source\":{\"id\":\"user:1\"},\"k\":40%s}".formatted(more));
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.json();
    }

    private static JsonNode candidate(JsonNode answer, String id) {
        return answer.path("candidates")
                .valueStream()
                .filter(each -> each.path("id").asString().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> columns(JsonNode candidate) {
        return candidate
                .path("columns")
                .valueStream()
                .map(column -> column.path("column").asString())
                .toList();
    }

    @Test
    void anExplainedAnswerSaysWhomBothKnowAndWhoFollowsBack() {
        JsonNode answer = follow(",\"explain\":true");
        assertThat(candidate(answer, "user:20").path("reasons").toString())
                .isEqualTo("[{\"column\":\"mutual\",\"text\":\"followed by @ann and 3, whom you follow\"}]");
        assertThat(candidate(answer, "user:30").path("reasons").toString())
                .isEqualTo("[{\"column\":\"reciprocity\",\"text\":\"follows you\"}]");
        assertThat(candidate(answer, "user:8").has("reasons")).isFalse();
        assertThat(columns(candidate(answer, "user:20"))).contains("mutual", "reciprocity");
        assertThat(candidate(follow(""), "user:20").has("reasons")).isFalse();
    }

    @Test
    void aReleaseWithoutTheNetworkIsAskedByVectorsAloneAndNothingIsMissed() {
        JsonNode answer = follow(",\"explain\":true,\"overrides\":{\"release\":\"plain\"}");
        assertThat(columns(answer.at("/candidates/0"))).containsExactly("twhin", "simclusters");
        assertThat(answer.at("/provenance/notices").toString()).doesNotContain("social");
    }

    @Test
    void theSurfaceTellsItsReasons() {
        JsonNode columns = service.http.get("/v1/surfaces").json().get(1).findValue("columns");
        JsonNode mutual = columns.valueStream()
                .filter(each -> each.path("name").asString().equals("mutual"))
                .findFirst()
                .orElseThrow();
        assertThat(mutual.path("optional").asBoolean()).isTrue();
        assertThat(mutual.at("/reason/says").asString()).isEqualTo("followed by {shared}, whom you follow");
        assertThat(mutual.at("/reason/names").asString()).isEqualTo("text-user");
    }
}
