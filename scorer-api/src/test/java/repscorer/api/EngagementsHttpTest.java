package repscorer.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.client.ScorerClient;
import repscorer.core.embedding.EmbeddingFileWriter;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.testing.kafka.TestBroker;
import repscorer.vector.SparseVector;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@DisplayName("Issue 17: engagements over HTTP and from a topic make the vectors of items")
class EngagementsHttpTest {

    private static final long HOUR = 3_600_000;
    private static final AtomicInteger TOPICS = new AtomicInteger();
    private static final List<EntityId> CLUSTERS =
            List.of(EntityId.parse("cluster:1"), EntityId.parse("cluster:2"), EntityId.parse("cluster:3"));

    @TempDir
    Path directory;

    private final String topic = "engagements-" + TOPICS.incrementAndGet();
    private final String dead = topic + "-refused";
    private TestService service;

    @BeforeEach
    void start() throws Exception {
        TestService.shared(); // the broker logs as services do
        TestBroker broker = TestBroker.shared();
        broker.createTopic(topic, 1, Map.of());
        broker.createTopic(dead, 1, Map.of());
        Path config = directory.resolve("config");
        Files.createDirectories(config.resolve("spaces"));
        Files.createDirectories(config.resolve("surfaces"));
        Files.writeString(config.resolve("spaces/s.yaml"), """
                model: s
                form: sparse
                spaces:
                  - {name: s-user, kind: user}
                  - name: s-tweet
                    kind: tweet
                    half-life: 8h
                    time-to-live: 48h
                    engagements: {of: s-user, kinds: {favorite: 1, retweet: 0.5, view: 0}, entries-max: 2}
                """);
        Files.writeString(config.resolve("surfaces/f.yaml"), """
                surface: f
                kinds: [tweet]
                k-default: 10
                blend: {method: linear, normalizer: none}
                columns:
                  - name: s
                    form: sparse
                    similarity: cosine
                    sources: {user: s-user}
                    candidates: {tweet: s-tweet}
                    weight: 1
                """);
        Files.writeString(config.resolve("scorer.yaml"), "port: 0\n");
        service = open();
        try (ScorerClient client = ScorerClient.builder(service.running.uri())
                .adminToken(Http.TOKEN)
                .build()) {
            EmbeddingFileWriter users = EmbeddingFileWriter.sparse("s-user", "s", EntityKind.USER, CLUSTERS, Map.of());
            for (int user = 1; user <= 20; user++) {
                users.add(
                        EntityId.of(EntityKind.USER, user),
                        new SparseVector(new int[] {0, 1, 2}, new float[] {1, user, 0.5f}));
            }
            EmbeddingFileWriter tweets =
                    EmbeddingFileWriter.sparse("s-tweet", "s", EntityKind.TWEET, CLUSTERS, Map.of());
            Path files = Files.createDirectories(directory.resolve("files"));
            client.stage("one", "s-user", users.writeTo(files));
            client.stage("one", "s-tweet", tweets.writeTo(files));
            client.publish("one");
        }
    }

    private TestService open() {
        return TestService.start(
                directory,
                options -> options.withConfigDirectory(directory.resolve("config"))
                        .withSetting("streams.servers", TestBroker.shared().servers())
                        .withSetting("streams.dead-letters", dead)
                        .withSetting("streams.replay", "24h")
                        .withSetting("streams.topics", "[s-tweet=%s]".formatted(topic)));
    }

    @AfterEach
    void stop() {
        service.close();
    }

    private List<String> send(List<String> lines) {
        Http.Answer answer = service.http.send(
                "POST",
                "/v1/spaces/s-tweet/upserts?producer=p",
                BodyPublishers.ofString(String.join("\n", lines)),
                List.of("Content-Type", "application/x-ndjson", "Authorization", "Bearer " + Http.TOKEN));
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.text()
                .lines()
                .map(JsonMapper.shared()::readTree)
                .filter(each -> each.has("line"))
                .map(each -> each.path("status").asString() + each.path("code").asString(""))
                .toList();
    }

    private static String line(int tweet, int user, String kind, long time, int seq) {
        return "{\"id\":\"tweet:%s\",\"user\":\"user:%s\",\"kind\":\"%s\",\"time\":%s,\"seq\":%s}"
                .formatted(tweet, user, kind, time, seq);
    }

    private JsonNode entries(int tweet) {
        Http.Answer answer = service.http.get("/v1/embeddings/s-tweet/tweet:" + tweet);
        return answer.status() == 200
                ? answer.json().at("/embeddings/0/entries")
                : JsonMapper.shared().createObjectNode();
    }

    private static double weight(JsonNode entries, String cluster) {
        for (JsonNode each : entries) {
            if (each.path("name").asString().equals(cluster)) {
                return each.path("weight").asDouble();
            }
        }
        return 0;
    }

    @Test
    @DisplayName(
            "eight favourites make a vector that is searched at once, repeats count once, and a restart keeps all of it")
    void linesMakeVectors() {
        long now = System.currentTimeMillis();
        List<String> lines = new ArrayList<>();
        for (int user = 1; user <= 7; user++) {
            lines.add(line(1, user, "favorite", now - 8 * HOUR, user));
        }
        lines.add(line(1, 8, "view", now, 8));
        assertThat(send(lines)).containsOnly("ACCEPTED").hasSize(8);
        assertThat(send(lines)).containsOnly("DUPLICATE").hasSize(8);
        assertThat(entries(1)).isEmpty();

        service.close();
        service = open();
        assertThat(send(List.of(
                        line(1, 9, "favorite", now, 9),
                        line(1, 9, "like", now, 10),
                        "{\"id\":\"tweet:1\",\"user\":\"user:1\"}",
                        "{\"id\":\"tweet:1\",\"kind\":\"favorite\"}",
                        "{\"id\":\"tweet:1\",\"user\":\"user:1\",\"kind\":\"favorite\",\"delete\":true}",
                        "{\"id\":\"tweet:1\",\"user\":\"tweet:1\",\"kind\":\"favorite\"}",
                        "{\"id\":\"tweet:1\",\"entries\":{\"cluster:1\":1}}")))
                .containsExactly(
                        "ACCEPTED",
                        "REFUSEDunknown-engagement",
                        "REFUSEDfield-missing",
                        "REFUSEDfield-missing",
                        "REFUSEDmalformed-change",
                        "REFUSEDkind-mismatch",
                        "REFUSEDmade-from-engagements");
        JsonNode entries = entries(1);
        assertThat(entries.size()).as(entries.toString()).isEqualTo(2);
        assertThat(weight(entries, "cluster:2")).isCloseTo(28 / 2.0 + 9, within(0.01));
        assertThat(weight(entries, "cluster:1")).isCloseTo(7 / 2.0 + 1, within(0.01));
        assertThat(service.http
                        .post("/v1/candidates", "{\"surface\":\"f\",\"source\":{\"id\":\"user:3\"}}")
                        .json()
                        .path("candidates")
                        .findValuesAsString("id"))
                .containsExactly("tweet:1");
    }

    @Test
    @DisplayName("records of a topic are engagements of their timestamps, and what is none goes to the dead letters")
    void recordsMakeVectors() throws Exception {
        long now = System.currentTimeMillis();
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int user = 1; user <= 8; user++) {
            String value = "{\"id\":\"tweet:5\",\"user\":\"user:%s\",\"kind\":\"retweet\"}".formatted(user);
            records.add(record(now - 8 * HOUR, value));
        }
        records.add(3, record(now, "{\"id\":\"tweet:5\",\"user\":\"tweet:1\",\"kind\":\"favorite\"}"));
        records.add(6, record(now, "{\"id\":\"tweet:5\",\"user\":\"user:1\",\"kind\":\"like\"}"));
        TestBroker.shared().send(records);
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (entries(5).isEmpty()) {
            assertThat(System.nanoTime()).isLessThan(end);
            Thread.sleep(20);
        }
        assertThat(weight(entries(5), "cluster:2")).isCloseTo(36 * 0.5 / 2, within(0.01));
        assertThat(TestBroker.shared().records(dead, 2).stream()
                        .map(each -> new String(
                                each.headers().lastHeader("repscorer.code").value(), StandardCharsets.UTF_8)))
                .containsExactlyInAnyOrder("kind-mismatch", "unknown-engagement");
        service.close();
        service = open();
        assertThat(weight(entries(5), "cluster:2")).isCloseTo(36 * 0.5 / 2, within(0.01));
    }

    private ProducerRecord<byte[], byte[]> record(long timestamp, String line) {
        return new ProducerRecord<>(topic, 0, timestamp, null, line.getBytes(StandardCharsets.UTF_8));
    }
}
