package repscorer.api.streams;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.ann.HnswParameters;
import repscorer.api.config.StreamSettings;
import repscorer.core.disk.Disk;
import repscorer.core.embedding.DenseSpace;
import repscorer.core.embedding.EmbeddingFileWriter;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.core.erasure.ErasedSubjects;
import repscorer.core.store.PublicationListener;
import repscorer.core.store.RepresentationStore;
import repscorer.core.store.SpaceVersion;
import repscorer.core.store.StoreOptions;
import repscorer.testing.kafka.TestBroker;
import repscorer.vector.Metric;

class TopicStreamTest {

    private static final DenseSpace SPACE = new DenseSpace(
            "items", "items", EntityKind.USER, 2, Metric.COSINE, "exact", HnswParameters.DEFAULT, 0, false);

    @TempDir
    Path directory;

    private final AtomicBoolean refuses = new AtomicBoolean();

    /** The local disk, which takes no byte at times. */
    private <T> T refusing(Class<T> type, T of) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, given) -> {
                    if (refuses.get()
                            && (method.getName().startsWith("write")
                                    || method.getName().equals("create"))) {
                        throw new IOException("the device takes nothing");
                    }
                    try {
                        Object answer = method.invoke(of, given);
                        return answer instanceof Disk.Output output ? refusing(Disk.Output.class, output) : answer;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }

    private static void await(BooleanSupplier holds) throws InterruptedException {
        long end = System.nanoTime() + 90_000_000_000L;
        while (!holds.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(end);
            Thread.sleep(20);
        }
    }

    private static ProducerRecord<byte[], byte[]> record(String topic, String value) {
        return new ProducerRecord<>(topic, value.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    @DisplayName(
            "while the store refuses a stream waits and says so; then it goes on, with nothing lost and nothing twice")
    void aRefusingStoreIsWaitedFor() throws Exception {
        TestBroker broker = TestBroker.shared();
        broker.createTopic("items", 1, Map.of());
        broker.createTopic("dead-items", 1, Map.of());
        EmbeddingFileWriter writer = EmbeddingFileWriter.dense("items", "items", EntityKind.USER, 2);
        writer.add(EntityId.of(EntityKind.USER, 1), new float[] {1, 0});
        Path file = writer.writeTo(directory);
        StreamSettings settings =
                new StreamSettings(broker.servers(), List.of("items=items"), "dead-items", "", Duration.ZERO);
        TopicClients clients = new TopicClients(settings);
        try (RepresentationStore store = RepresentationStore.open(
                        directory.resolve("store"),
                        List.of(SPACE),
                        StoreOptions.DEFAULT,
                        refusing(Disk.class, Disk.LOCAL));
                DeadLetters letters = new DeadLetters(clients.producer(), "dead-items")) {
            store.stage("one", "items", Files.newInputStream(file));
            store.publish("one", PublicationListener.NONE);
            TopicStream stream = new TopicStream(
                    store,
                    "items",
                    "items",
                    Duration.ZERO,
                    clients,
                    Optional.of(letters),
                    new StreamCounts("items", new SimpleMeterRegistry()),
                    ErasedSubjects.none());
            Thread thread = Thread.ofPlatform().start(stream);
            await(() -> stream.state().waiting().isEmpty());
            refuses.set(true);
            List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
            records.add(record("items", "nonsense"));
            for (int i = 2; i < 52; i++) {
                records.add(record("items", "{\"id\":\"user:%s\",\"vector\":[1,%s]}".formatted(i, i)));
            }
            broker.send(records);
            await(() -> stream.state().waiting().orElse("").contains("were not taken"));
            Thread.sleep(1_500); // it tries once more
            assertThat(stream.counts().accepted.sum()).isZero();
            refuses.set(false);
            await(() -> stream.counts().accepted.sum() == 50);

            SpaceVersion version = store.current().space("items").orElseThrow();
            assertThat(version.version()).endsWith("+50");
            assertThat(version.count()).isEqualTo(51);
            assertThat(stream.counts().repeated.sum()).isZero();
            assertThat(stream.state().waiting()).isEmpty();
            assertThat(broker.records("dead-items", 1)).hasSize(1);
            stream.close();
            assertThat(thread.join(Duration.ofSeconds(20))).isTrue();
        }
    }

    @Test
    @DisplayName("a record that is older than the erasure of its subject is read over, a newer one is taken")
    void anOldRecordBringsNobodyBack() throws Exception {
        TestBroker broker = TestBroker.shared();
        broker.createTopic("erased-items", 1, Map.of());
        EmbeddingFileWriter writer = EmbeddingFileWriter.dense("items", "items", EntityKind.USER, 2);
        writer.add(EntityId.of(EntityKind.USER, 1), new float[] {1, 0});
        Path file = writer.writeTo(directory);
        TopicClients clients = new TopicClients(
                new StreamSettings(broker.servers(), List.of("items=erased-items"), "", "", Duration.ZERO));
        ErasedSubjects subjects = ErasedSubjects.open(Disk.LOCAL, directory.resolve("erasures"));
        try (RepresentationStore store = RepresentationStore.open(
                directory.resolve("store"), List.of(SPACE), StoreOptions.DEFAULT, Disk.LOCAL, subjects)) {
            store.stage("one", "items", Files.newInputStream(file));
            store.publish("one", PublicationListener.NONE);
            TopicStream stream = new TopicStream(
                    store,
                    "items",
                    "erased-items",
                    Duration.ZERO,
                    clients,
                    Optional.empty(),
                    new StreamCounts("items", new SimpleMeterRegistry()),
                    subjects);
            Thread thread = Thread.ofPlatform().start(stream);
            await(() -> stream.state().waiting().isEmpty());
            long now = System.currentTimeMillis();
            subjects.add(List.of("user:7", "user:8"), Set.of("user"), "t", "asked", Instant.ofEpochMilli(now));

            broker.send(List.of(
                    record("{\"id\":\"user:7\",\"vector\":[1,7]}", now - 1_000),
                    record("{\"id\":\"user:8\",\"vector\":[1,8]}", now - 1_000),
                    record("{\"id\":\"user:9\",\"vector\":[1,9]}", now - 1_000),
                    record("{\"id\":\"user:8\",\"vector\":[1,88]}", now + 1_000)));
            await(() -> stream.counts().accepted.sum() == 2);

            SpaceVersion version = store.current().space("items").orElseThrow();
            assertThat(version.ordinal(EntityId.of(EntityKind.USER, 7))).isEmpty();
            assertThat(version.ordinal(EntityId.of(EntityKind.USER, 9))).isPresent();
            assertThat(version.dense(
                            version.ordinal(EntityId.of(EntityKind.USER, 8)).orElseThrow()))
                    .containsExactly(1, 88);
            stream.close();
            assertThat(thread.join(Duration.ofSeconds(20))).isTrue();
        }
    }

    private static ProducerRecord<byte[], byte[]> record(String value, long timestamp) {
        return new ProducerRecord<>("erased-items", 0, timestamp, null, value.getBytes(StandardCharsets.UTF_8));
    }
}
