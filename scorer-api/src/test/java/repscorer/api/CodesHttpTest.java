package repscorer.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import repscorer.client.Codebook;
import repscorer.client.CodedEmbeddings;
import repscorer.client.CodedEmbeddings.CodedRows;
import repscorer.client.ScorerClient;
import repscorer.client.ScorerClientException;
import repscorer.core.embedding.EmbeddingFileWriter;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.wire.EmbeddingBody;
import repscorer.wire.EmbeddingsRequest;
import repscorer.wire.ReleaseBody;

/** Issue 17: rows are read by their codes, with a codebook once, or decoded by the service. */
class CodesHttpTest {

    private static final int ROWS = 300;
    private static final int D = 12;
    private static final List<String> METHODS = List.of(
            "half: {method: float16}",
            "byte: {method: int8}",
            "parts: {method: pq, m: 5, bits: 4}",
            "sums: {method: residual, m: 3, bits: 5}",
            "grid: {method: rabitq, bits: 3}",
            "plain:");

    @TempDir
    static Path directory;

    private static TestService service;
    private static ScorerClient client;
    private static ReleaseBody published;

    @BeforeAll
    static void start() throws IOException {
        Path config = directory.resolve("config");
        Files.createDirectories(config.resolve("spaces"));
        StringBuilder spaces = new StringBuilder();
        for (String method : METHODS) {
            String[] words = method.split(":", 2);
            String codes = words[1].isBlank() ? "" : ", codes:" + words[1];
            spaces.append("  - {name: %s, kind: user%s}\n".formatted(words[0], codes));
        }
        Files.writeString(
                config.resolve("spaces/m.yaml"),
                "model: m\nform: dense\ndimension: 12\nmetric: l2\nspaces:\n" + spaces);
        Files.createDirectories(config.resolve("surfaces"));
        Files.writeString(config.resolve("scorer.yaml"), "port: 0\n");
        service = TestService.start(directory, options -> options.withConfigDirectory(config));
        client = ScorerClient.builder(service.running.uri())
                .adminToken(Http.TOKEN)
                .build();
        for (String method : METHODS) {
            String space = method.substring(0, method.indexOf(':'));
            client.stage("one", space, file(space));
        }
        published = client.publish("one");
    }

    @AfterAll
    static void stop() {
        client.close();
        service.close();
    }

    private static Path file(String space) throws IOException {
        Random random = new Random(3);
        EmbeddingFileWriter writer = EmbeddingFileWriter.dense(space, "m", EntityKind.USER, D);
        for (int row = 0; row < ROWS; row++) {
            float[] values = new float[D];
            for (int j = 0; j < D; j++) {
                values[j] = (float) (random.nextGaussian() + j);
            }
            writer.add(EntityId.of(EntityKind.USER, row), values);
        }
        return writer.writeTo(Files.createDirectories(directory.resolve("files")));
    }

    private static List<String> ids() {
        List<String> ids = new ArrayList<>(List.of("user:nobody", "tweet:1"));
        for (int row = 0; row < ROWS; row += 7) {
            ids.add("user:" + row);
        }
        return ids;
    }

    @ParameterizedTest
    @ValueSource(strings = {"half", "byte", "parts", "sums", "grid"})
    @DisplayName("the client decodes codes to what the service decodes them to, in JSON and packed")
    void theClientDecodesAsTheServiceDoes(String space) {
        CodedRows coded = new CodedEmbeddings(client).read(space, ids());
        assertThat(coded.release()).isEqualTo("one");
        assertThat(coded.found(0)).isFalse();
        assertThat(coded.row(1)).isEmpty();
        Http.Answer decoded = service.http.post(
                "/v1/embeddings/" + space + "?decoded=true",
                "{\"ids\":[\"%s\"]}".formatted(String.join("\",\"", ids())));
        assertThat(decoded.status()).as(decoded.text()).isEqualTo(200);
        float[] all = coded.rows();
        for (int place = 2; place < coded.count(); place++) {
            float[] row = coded.row(place).orElseThrow();
            EmbeddingBody exact =
                    client.embedding(space, ids().get(place)).embeddings().getFirst();
            for (int j = 0; j < D; j++) {
                double told = decoded.json()
                        .path("embeddings")
                        .path(place)
                        .path("vector")
                        .path(j)
                        .asDouble();
                assertThat((double) row[j]).isCloseTo(told, within(1e-4));
                assertThat(all[place * D + j]).isEqualTo(row[j]);
                assertThat(exact.vector()).isNotNull();
            }
        }
        double error = Objects.requireNonNull(published.checks().get("codes-error of " + space));
        assertThat(error).isBetween(0.0, 0.05);
        assertThat(published.checks().get("codes-recall@10 of " + space)).isBetween(0.1, 1.0);
    }

    private static byte[] codebookOf(String space) throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest get = HttpRequest.newBuilder(
                            service.running.uri().resolve("/v1/spaces/%s/codebook".formatted(space)))
                    .build();
            return http.send(get, HttpResponse.BodyHandlers.ofByteArray()).body();
        }
    }

    @Test
    @DisplayName("a codebook is asked for once: its checksum is its ETag")
    void aCodebookIsAskedForOnce() throws IOException, InterruptedException {
        byte[] content = codebookOf("parts");
        Codebook codebook = new Codebook(content);
        assertThat(service.http.get("/v1/spaces/parts/codebook").header("ETag"))
                .isEqualTo('"' + codebook.checksum() + '"');
        Http.Answer again = service.http.send(
                "GET",
                "/v1/spaces/parts/codebook",
                BodyPublishers.noBody(),
                List.of("If-None-Match", "W/\"other\", \"" + codebook.checksum() + '"'));
        assertThat(again.status()).isEqualTo(304);
        assertThat(again.text()).isEmpty();
        assertThat(new CodedEmbeddings(client).read("parts", ids()).codebook().checksum())
                .isEqualTo(codebook.checksum());
        byte[] damaged = content.clone();
        damaged[40] ^= 1;
        assertThatThrownBy(() -> new Codebook(damaged)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @DisplayName("a row that was streamed in has a code by the same codebook")
    void streamedRowsHaveCodes() {
        float[] before = new CodedEmbeddings(client)
                .read("grid", List.of("user:3"))
                .row(0)
                .orElseThrow();
        Http.Answer taken = service.http.send(
                "POST",
                "/v1/spaces/grid/upserts",
                BodyPublishers.ofString("{\"id\":\"user:streamed\",\"vector\":[0,1,2,3,4,5,6,7,8,9,10,11]}\n"),
                List.of("Content-Type", "application/x-ndjson", "Authorization", "Bearer " + Http.TOKEN));
        assertThat(taken.status()).as(taken.text()).isEqualTo(200);
        CodedRows both = new CodedEmbeddings(client).read("grid", List.of("user:streamed", "user:3"));
        assertThat(both.row(1).orElseThrow()).isEqualTo(before);
        float[] row = both.row(0).orElseThrow();
        for (int j = 0; j < D; j++) {
            assertThat(row[j]).isCloseTo(j, within(0.8f));
        }
    }

    @Test
    @DisplayName("a space without codes says so")
    void aSpaceWithoutCodesSaysSo() {
        assertThatThrownBy(() -> new CodedEmbeddings(client).read("plain", new EmbeddingsRequest(ids(), null)))
                .isInstanceOfSatisfying(
                        ScorerClientException.Refused.class,
                        refused -> assertThat(refused.problem().code()).isEqualTo("no-codes"));
        assertThat(service.http.get("/v1/embeddings/plain/user:1?decoded=true").problem())
                .isEqualTo("409 no-codes -");
        assertThat(service.http.get("/v1/spaces/plain/codebook").problem()).isEqualTo("409 no-codes -");
        assertThat(service.http.get("/v1/spaces/none/codebook").problem()).isEqualTo("404 unknown-space -");
        assertThat(service.http
                        .get("/v1/embeddings/parts/user:1?decoded=perhaps")
                        .status())
                .isEqualTo(400);
    }
}
