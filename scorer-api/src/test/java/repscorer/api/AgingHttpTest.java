package repscorer.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.client.ScorerClient;
import repscorer.core.embedding.EmbeddingFileWriter;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.testing.kafka.TestBroker;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@DisplayName("Issue 17: vectors of a space decay and expire")
class AgingHttpTest {

    private static final long HOUR = 3_600_000;
    private static final String TOPIC = "aging-changes";

    @TempDir
    static Path directory;

    private static TestService service;
    private static Http http;

    @BeforeAll
    static void start() throws Exception {
        TestService.shared(); // the broker logs as services do
        TestBroker broker = TestBroker.shared();
        broker.createTopic(TOPIC, 1, Map.of());
        Path config = directory.resolve("config");
        Files.createDirectories(config.resolve("spaces"));
        Files.createDirectories(config.resolve("surfaces"));
        Files.writeString(config.resolve("spaces/m.yaml"), """
                model: m
                form: dense
                dimension: 2
                metric: inner-product
                half-life: 1h
                spaces:
                  - {name: m-user, kind: user, half-life: 10d}
                  - {name: m-tweet, kind: tweet, time-to-live: 4h}
                """);
        Files.writeString(config.resolve("surfaces/s.yaml"), """
                surface: s
                kinds: [tweet]
                k-default: 10
                blend: {method: linear, normalizer: none}
                columns:
                  - name: m
                    form: dense
                    similarity: dot
                    sources: {user: m-user}
                    candidates: {tweet: m-tweet}
                    weight: 1
                """);
        Files.writeString(config.resolve("scorer.yaml"), "port: 0\n");
        service = TestService.start(
                directory,
                options -> options.withConfigDirectory(config)
                        .withSetting("streams.servers", broker.servers())
                        .withSetting("streams.replay", "6h")
                        .withSetting("streams.topics", "[m-tweet=%s]".formatted(TOPIC)));
        http = service.http;
        try (ScorerClient client = ScorerClient.builder(service.running.uri())
                .adminToken(Http.TOKEN)
                .build()) {
            client.stage("one", "m-user", file("m-user", EntityKind.USER));
            client.stage("one", "m-tweet", file("m-tweet", EntityKind.TWEET));
            client.publish("one");
        }
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static Path file(String space, EntityKind kind) throws IOException {
        EmbeddingFileWriter writer = EmbeddingFileWriter.dense(space, "m", kind, 2);
        writer.add(EntityId.of(kind, 1), new float[] {4, 0});
        return writer.writeTo(Files.createDirectories(directory.resolve("files")));
    }

    private static List<JsonNode> upsert(String... lines) {
        Http.Answer answer = http.send(
                "POST",
                "/v1/spaces/m-tweet/upserts",
                BodyPublishers.ofString(String.join("\n", lines)),
                List.of("Content-Type", "application/x-ndjson", "Authorization", "Bearer " + Http.TOKEN));
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.text().lines().map(JsonMapper.shared()::readTree).toList();
    }

    private static String line(int id, Object time) {
        return "{\"id\":\"tweet:%s\",\"vector\":[8,0],\"time\":%s}".formatted(id, time);
    }

    private static double first(String id) {
        return http.get("/v1/embeddings/m-tweet/" + id)
                .json()
                .at("/embeddings/0/vector/0")
                .asDouble();
    }

    @Test
    @DisplayName(
            "what is left is read, scored and found; what is expired is told as expired, counted, and gone after a compaction")
    void linesSayWhenVectorsWereMade() {
        long now = System.currentTimeMillis();
        List<JsonNode> answers = upsert(
                line(2, now - 2 * HOUR),
                line(3, now - 5 * HOUR),
                line(4, -1),
                line(5, "\"yesterday\""),
                "{\"id\":\"tweet:6\",\"vector\":[8,0]}");
        assertThat(answers.stream()
                        .limit(5)
                        .map(each -> each.path("status").asString()
                                + each.path("message").asString("")))
                .containsExactly(
                        "ACCEPTED",
                        "ACCEPTED",
                        "REFUSEDtime counts milliseconds since 1970: -1",
                        "REFUSEDtime is a whole number",
                        "ACCEPTED");
        assertThat(first("tweet:2")).isCloseTo(2, within(0.01));
        assertThat(first("tweet:6")).isCloseTo(8, within(0.01));
        assertThat(http.get("/v1/embeddings/m-tweet/tweet:3").problem()).startsWith("404 expired");
        assertThat(http.post("/v1/embeddings/m-tweet", "{\"ids\":[\"tweet:3\",\"tweet:99\"]}")
                        .json()
                        .path("embeddings")
                        .findValuesAsString("missing"))
                .containsExactly("expired", "no-embedding-source");

        JsonNode candidates = http.post("/v1/candidates", "{\"surface\":\"s\",\"source\":{\"id\":\"user:1\"}}")
                .json()
                .path("candidates");
        assertThat(candidates.findValuesAsString("id")).startsWith("tweet:6", "tweet:1", "tweet:2");
        assertThat(candidates.get(2).path("score").asDouble()).isCloseTo(8, within(0.05));
        JsonNode scores = http.post(
                        "/v1/scores",
                        "{\"surface\":\"s\",\"source\":{\"id\":\"user:1\"},\"candidates\":[\"tweet:3\",\"tweet:2\"]}")
                .json();
        assertThat(scores.toString()).contains("\"expired\"");

        assertThat(http.change("/v1/spaces/m-tweet/compact").status()).isEqualTo(200);
        assertThat(http.get("/v1/embeddings/m-tweet/tweet:3").problem()).startsWith("404 no-embedding");
        assertThat(first("tweet:2")).isCloseTo(2, within(0.01));
        assertThat(new Http(service.running.managementUri())
                        .get("/actuator/prometheus")
                        .text())
                .containsPattern("repscorer_space_expired\\{[^}]*space=\"m-tweet\"[^}]*} 0\\.0")
                .doesNotContainPattern("repscorer_space_expired\\{[^}]*space=\"m-user\"");
    }

    @Test
    @DisplayName("a record's timestamp says when its vector was made, where the line does not")
    void timestampsSayWhenVectorsWereMade() throws Exception {
        long now = System.currentTimeMillis();
        TestBroker.shared()
                .send(List.of(
                        record(now - 3 * HOUR, "{\"id\":\"tweet:20\",\"vector\":[8,0]}"),
                        record(now - 3 * HOUR, line(21, now - HOUR)),
                        record(now, "{\"id\":\"tweet:22\",\"vector\":[8,0]}")));
        long end = System.nanoTime() + 30_000_000_000L;
        while (http.get("/v1/embeddings/m-tweet/tweet:22").status() != 200) {
            assertThat(System.nanoTime()).isLessThan(end);
            Thread.sleep(20);
        }
        assertThat(first("tweet:20")).isCloseTo(1, within(0.01));
        assertThat(first("tweet:21")).isCloseTo(4, within(0.02));
        assertThat(first("tweet:22")).isCloseTo(8, within(0.05));
    }

    private static ProducerRecord<byte[], byte[]> record(long timestamp, String line) {
        return new ProducerRecord<>(TOPIC, 0, timestamp, null, line.getBytes(StandardCharsets.UTF_8));
    }
}
