package repscorer.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.testing.Seeds;
import repscorer.testing.kafka.TestBroker;
import tools.jackson.databind.JsonNode;

@DisplayName("Issue 17: topics of a real broker change spaces")
class StreamsHttpTest {

    private static final AtomicInteger TOPICS = new AtomicInteger();

    @TempDir
    Path directory;

    /** The broker logs as services do, at a service's levels. */
    @BeforeAll
    static void logs() {
        TestService.shared();
    }

    private final TestBroker broker = TestBroker.shared();

    /** A topic of its own for a test. */
    private String topic(int partitions) throws Exception {
        String name = "changes-" + TOPICS.incrementAndGet();
        broker.createTopic(name, partitions, Map.of());
        return name;
    }

    private TestService start(String topic, UnaryOperator<ServiceOptions> more) {
        return start(directory, topic, more);
    }

    private TestService start(Path place, String topic, UnaryOperator<ServiceOptions> more) {
        return TestService.start(
                place,
                options -> more.apply(options.withSetting("streams.servers", broker.servers())
                        .withSetting("streams.topics", "[twhin-user=%s]".formatted(topic))
                        .withSetting("traffic.warm-up-max", "100ms")));
    }

    private static ProducerRecord<byte[], byte[]> record(String topic, @Nullable String key, @Nullable String value) {
        return new ProducerRecord<>(topic, bytes(key), bytes(value));
    }

    private static byte @Nullable [] bytes(@Nullable String text) {
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }

    private static ProducerRecord<byte[], byte[]> upsert(String topic, String id, float first) {
        return record(topic, id, line(id, first));
    }

    private static String line(String id, float first) {
        return "{\"id\":\"%s\",\"vector\":[%s%s]}".formatted(id, first, ",1".repeat(ReleaseFixture.DIMENSION - 1));
    }

    private static double first(TestService service, String id) {
        Http.Answer answer = service.http.get("/v1/embeddings/twhin-user/" + id);
        return answer.status() == 404
                ? Double.NaN
                : answer.json().at("/embeddings/0/vector/0").asDouble();
    }

    private static JsonNode stream(TestService service) {
        return service.http.get("/v1/streams").json().at("/streams/0");
    }

    /** How many changes the live version of the space has had since its publication. */
    private static long sequence(TestService service) {
        String version = service.http
                .get("/v1/embeddings/twhin-user/user:1")
                .json()
                .path("version")
                .asString();
        int plus = version.indexOf('+');
        return plus < 0 ? 0 : Long.parseLong(version.substring(plus + 1));
    }

    private static void await(String what, BooleanSupplier holds) throws InterruptedException {
        long end = System.nanoTime() + 90_000_000_000L;
        while (!holds.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(end);
            Thread.sleep(20);
        }
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }

    @Test
    @DisplayName(
            "changes are visible, bad records go to the dead letters with the rule and the place, and hold up nobody")
    void changesAndBadRecords() throws Exception {
        String topic = topic(1);
        String dead = topic(1);
        try (TestService service = start(topic, options -> options.withSetting("streams.dead-letters", dead))) {
            service.publish("one", 1);
            ProducerRecord<byte[], byte[]> foreign = upsert(topic, "user:901", 3);
            foreign.headers().add("training", bytes("another"));
            broker.send(List.of(
                    upsert(topic, "user:900", 2),
                    record(topic, "x", "nonsense"),
                    record(topic, "user:901", "{\"id\":\"user:901\",\"vector\":[1]}"),
                    foreign,
                    record(topic, "user:40", "{\"id\":\"user:40\",\"delete\":true,\"seq\":99}"),
                    record(topic, "user:39", null),
                    record(topic, null, null),
                    upsert(topic, "user:902", 5)));
            await("the last record", () -> first(service, "user:902") == 5);

            assertThat(first(service, "user:900")).isEqualTo(2);
            assertThat(first(service, "user:40")).isNaN();
            assertThat(first(service, "user:39")).isNaN();
            assertThat(first(service, "user:901")).isNaN();
            List<ConsumerRecord<byte[], byte[]>> letters = broker.records(dead, 4);
            assertThat(letters.stream()
                            .map(each -> header(each, "repscorer.code") + " " + header(each, "repscorer.topic") + " "
                                    + header(each, "repscorer.partition") + " " + header(each, "repscorer.offset")))
                    .containsExactly(
                            "malformed-json %s 0 1".formatted(topic),
                            "dimension-differs %s 0 2".formatted(topic),
                            "training-differs %s 0 3".formatted(topic),
                            "malformed-id %s 0 6".formatted(topic));
            assertThat(header(letters.get(1), "repscorer.message")).contains("expects 64, got 1");
            assertThat(letters.getFirst().value()).isEqualTo(bytes("nonsense"));
            assertThat(header(letters.get(2), "training")).isEqualTo("another");

            await("what is told of it", () -> stream(service).path("lag").asInt(-1) == 0);
            JsonNode told = stream(service);
            assertThat(told.path("accepted").asInt()).isEqualTo(4);
            assertThat(told.path("refused").asInt()).isEqualTo(4);
            assertThat(told.path("release").asString()).isEqualTo("one");
            assertThat(told.at("/partitions/0/next").asInt()).isEqualTo(8);
            assertThat(told.path("lastRefused").asString())
                    .contains("malformed-id")
                    .contains("partition 0, offset 6");
            String metrics = new Http(service.running.managementUri())
                    .get("/actuator/prometheus")
                    .text();
            assertThat(metrics)
                    .containsPattern("repscorer_stream_records_total\\{[^}]*outcome=\"accepted\"[^}]*} 4\\.0")
                    .containsPattern("repscorer_stream_freshness_seconds_count\\{[^}]*} 4")
                    .containsPattern("repscorer_stream_lag\\{[^}]*} 0\\.0");
            assertThat(service.http
                            .send(
                                    "POST",
                                    "/v1/spaces/twhin-user/upserts?producer=kafka.x.0",
                                    java.net.http.HttpRequest.BodyPublishers.ofString("{}"),
                                    List.of(
                                            "Content-Type",
                                            "application/x-ndjson",
                                            "Authorization",
                                            "Bearer " + Http.TOKEN))
                            .problem())
                    .startsWith("400 bad-producer");
        }
    }

    @Test
    @DisplayName("a topic names columns that no file had, once, whatever is restarted")
    void newColumns() throws Exception {
        String topic = topic(1);
        UnaryOperator<ServiceOptions> sparse =
                options -> options.withSetting("streams.topics", "[simclusters-interest=%s]".formatted(topic));
        for (int life = 0; life < 2; life++) {
            try (TestService service = start(topic, sparse)) {
                if (life == 0) {
                    service.publish("one", 1);
                }
                String id = "user:%s".formatted(980 + life);
                broker.send(List.of(record(
                        topic,
                        id,
                        "{\"id\":\"%s\",\"entries\":{\"cluster:0\":1,\"cluster:80%s\":2}}".formatted(id, life))));
                String path = "/v1/embeddings/simclusters-interest/";
                await("the change", () -> service.http.get(path + id).status() == 200);
                for (int i = 0; i <= life; i++) {
                    assertThat(service.http
                                    .get(path + "user:" + (980 + i))
                                    .json()
                                    .at("/embeddings/0/entries")
                                    .findValuesAsString("name"))
                            .containsExactly("cluster:0", "cluster:80" + i);
                }
            }
        }
    }

    @Test
    @DisplayName(
            "over restarts each change is taken once, and those of one id in their order; a broker that is away is waited for")
    void restarts() throws Exception {
        String topic = topic(3);
        RandomGenerator random = Seeds.random("streams");
        Map<String, Float> last = new HashMap<>();
        int sent = 0;
        for (int life = 0; life < 3; life++) {
            boolean brokerLate = life == 1;
            if (brokerLate) {
                broker.stop();
            }
            try (TestService service = start(topic, options -> options)) {
                if (life == 0) {
                    service.publish("one", 1);
                }
                if (brokerLate) {
                    await(
                            "a reason",
                            () -> service.http
                                    .get("/actuator/health/readiness")
                                    .json()
                                    .at("/components/streams/details/waiting")
                                    .has("twhin-user"));
                    assertThat(service.http.get("/actuator/health/readiness").status())
                            .isEqualTo(200);
                    broker.start();
                }
                List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
                for (int i = 0; i < 1_500; i++) {
                    String id = "user:" + (2 + random.nextInt(60));
                    float value = 1 + sent + i;
                    records.add(upsert(topic, id, value));
                    last.put(id, value);
                }
                sent += records.size();
                int all = sent;
                broker.send(records);
                // The second life ends while it reads.
                int enough = life == 1 ? all - 1_400 : all;
                await("changes", () -> sequence(service) >= enough);
                if (life != 1) {
                    assertThat(sequence(service)).isEqualTo(all);
                    last.forEach(
                            (id, value) -> assertThat(first(service, id)).as(id).isEqualTo((double) value));
                    assertThat(stream(service).path("repeated").asInt()).isZero();
                }
            }
        }
    }

    @Test
    @DisplayName("two services of one topic have all its changes each, and those of partitions that come later")
    void partitionsAreNotShared() throws Exception {
        String topic = topic(1);
        try (TestService a = start(directory.resolve("a"), topic, options -> options);
                TestService b = start(directory.resolve("b"), topic, options -> options)) {
            a.publish("one", 1);
            b.publish("one", 1);
            broker.send(IntStream.range(0, 100)
                    .mapToObj(i -> upsert(topic, "user:" + (100 + i), 1 + i))
                    .toList());
            for (TestService each : List.of(a, b)) {
                await("all", () -> sequence(each) == 100);
            }
            broker.grow(topic, 2);
            broker.send(List.of(
                    new ProducerRecord<>(topic, 1, bytes("user:300"), bytes(line("user:300", 7))),
                    new ProducerRecord<>(topic, 0, bytes("user:301"), bytes(line("user:301", 8)))));
            for (TestService each : List.of(a, b)) {
                await("both partitions", () -> first(each, "user:300") == 7 && first(each, "user:301") == 8);
                assertThat(sequence(each)).isEqualTo(102);
                assertThat(stream(each).path("repeated").asInt()).isZero();
            }
        }
    }

    @Test
    @DisplayName(
            "changes belong to their release: another begins at its publication or replays from before, and one that comes back catches up")
    void releasesChange() throws Exception {
        String topic = topic(1);
        try (TestService service = start(topic, options -> options)) {
            broker.send(List.of(upsert(topic, "user:500", 1)));
            Thread.sleep(5);
            service.publish("one", 1);
            broker.send(List.of(upsert(topic, "user:501", 1)));
            await("after the publication", () -> first(service, "user:501") == 1);
            assertThat(first(service, "user:500")).isNaN();
            Thread.sleep(5);
            service.publish("two", 2);
            broker.send(List.of(upsert(topic, "user:502", 1)));
            await("in the second release", () -> first(service, "user:502") == 1);
            assertThat(first(service, "user:501")).isNaN();
            assertThat(sequence(service)).isEqualTo(1);
            assertThat(service.http.change("/v1/releases/one/roll-back").status())
                    .isEqualTo(200);
            await("what came meanwhile", () -> first(service, "user:502") == 1);
            assertThat(first(service, "user:501")).isEqualTo(1);
            assertThat(sequence(service)).isEqualTo(2);
        }
        try (TestService service = start(topic, options -> options.withSetting("streams.replay", "1h"))) {
            service.publish("three", 3);
            await("what was there before", () -> sequence(service) == 3);
            assertThat(first(service, "user:500")).isEqualTo(1);
        }
    }

    @Test
    @DisplayName("records that the broker deleted unread are counted, and a topic that is made anew begins anew")
    void lostAndMadeAnew() throws Exception {
        String topic = topic(1);
        try (TestService service = start(topic, options -> options)) {
            service.publish("one", 1);
            broker.send(List.of(upsert(topic, "user:600", 1), upsert(topic, "user:601", 1)));
            await("the first", () -> sequence(service) == 2);
        }
        broker.send(List.of(upsert(topic, "user:602", 1), upsert(topic, "user:603", 1), upsert(topic, "user:604", 1)));
        try (Admin admin = broker.admin()) {
            admin.deleteRecords(Map.of(new TopicPartition(topic, 0), RecordsToDelete.beforeOffset(4)))
                    .all()
                    .get();
        }
        try (TestService service = start(topic, options -> options)) {
            await("the one that is left", () -> first(service, "user:604") == 1);
            assertThat(sequence(service)).isEqualTo(3);
            assertThat(stream(service).path("missed").asInt()).isEqualTo(2);
            try (Admin admin = broker.admin()) {
                admin.deleteTopics(List.of(topic)).all().get();
            }
            await("a reason", () -> stream(service).has("waiting"));
            broker.createTopic(topic, 1, Map.of());
            broker.send(List.of(upsert(topic, "user:605", 1)));
            await("of the topic of that name", () -> first(service, "user:605") == 1);
        }
    }

    @Test
    @DisplayName("clients get the properties of a file, whose values are told nowhere")
    void propertiesAreOfAFile() throws Exception {
        String topic = topic(1);
        Path properties = Files.writeString(
                directory.resolve("kafka.properties"),
                "security.protocol=SASL_PLAINTEXT\nsasl.mechanism=PLAIN\nsasl.jaas.config=very-secret\n");
        try (TestService service =
                start(topic, options -> options.withSetting("streams.properties", properties.toString()))) {
            service.publish("one", 1);
            await("a reason", () -> stream(service).has("waiting"));
            assertThat(stream(service).path("waiting").asString()).doesNotContain("very-secret");
        }
    }
}
