package repscorer.testing.kafka;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.jspecify.annotations.Nullable;

/**
 * A real Kafka broker in this process: one node in KRaft mode, broker and controller at once. It can be stopped and started again, with
 * the same ports and the same records. For one thread.
 */
public final class TestBroker implements AutoCloseable {

    private static final String CONTROLLER = "CONTROLLER";

    private static final Duration READ_MAX = Duration.ofSeconds(30);

    private static final class Shared {
        private static final TestBroker BROKER = startShared();

        private static TestBroker startShared() {
            try {
                Path parent = Files.createDirectories(Path.of("target"));
                TestBroker broker = start(Files.createTempDirectory(parent, "broker"));
                Runtime.getRuntime().addShutdownHook(new Thread(broker::close));
                return broker;
            } catch (Exception e) {
                throw new IllegalStateException("no broker", e);
            }
        }
    }

    private final Properties properties = new Properties();
    private final String servers;
    private @Nullable KafkaRaftServer server;

    private TestBroker(Path directory, int port, int controllerPort) {
        this.servers = "127.0.0.1:" + port;
        Map<String, String> settings = Map.ofEntries(
                Map.entry("process.roles", "broker,controller"),
                Map.entry("node.id", "1"),
                Map.entry("controller.quorum.voters", "1@127.0.0.1:" + controllerPort),
                Map.entry(
                        "listeners", "PLAINTEXT://%s,%s://127.0.0.1:%s".formatted(servers, CONTROLLER, controllerPort)),
                Map.entry("advertised.listeners", "PLAINTEXT://" + servers),
                Map.entry("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT"),
                Map.entry("controller.listener.names", CONTROLLER),
                Map.entry("log.dirs", directory.toString()),
                Map.entry("auto.create.topics.enable", "false"),
                Map.entry("controlled.shutdown.enable", "false"), // there is no other node to hand partitions to
                Map.entry("offsets.topic.num.partitions", "1"),
                Map.entry("offsets.topic.replication.factor", "1"),
                Map.entry("num.network.threads", "1"),
                Map.entry("num.io.threads", "2"),
                Map.entry("log.cleaner.dedupe.buffer.size", "2097152"));
        properties.putAll(settings);
    }

    /** One for all tests of a process, whose topics are their own. */
    public static TestBroker shared() {
        return Shared.BROKER;
    }

    /** @param directory empty; keeps what the broker holds */
    public static TestBroker start(Path directory) throws Exception {
        TestBroker broker = new TestBroker(directory, freePort(), freePort());
        Formatter formatter = new Formatter()
                .setClusterId(Uuid.randomUuid().toString())
                .setNodeId(1)
                .addDirectory(directory.toString())
                .setMetadataLogDirectory(Optional.of(directory.toString()))
                .setControllerListenerName(CONTROLLER)
                .setPrintStream(new PrintStream(new ByteArrayOutputStream(), false, StandardCharsets.UTF_8));
        formatter.run();
        broker.start();
        return broker;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Where clients find it, {@code host:port}. */
    public String servers() {
        return servers;
    }

    /** Starts it where it is stopped. */
    public void start() {
        if (server == null) {
            KafkaRaftServer next = new KafkaRaftServer(new KafkaConfig(properties, false), Time.SYSTEM);
            next.startup();
            server = next;
        }
    }

    /** Stops it; nothing that it holds is lost. */
    public void stop() {
        KafkaRaftServer running = server;
        if (running != null) {
            running.shutdown();
            running.awaitShutdown();
            server = null;
        }
    }

    /** Makes a topic, and waits until it is there. */
    public void createTopic(String name, int partitions, Map<String, String> settings)
            throws ExecutionException, InterruptedException {
        try (Admin admin = admin()) {
            admin.createTopics(Set.of(new NewTopic(name, partitions, (short) 1).configs(settings)))
                    .all()
                    .get();
        }
    }

    /** Makes a topic have more partitions. */
    public void grow(String topic, int partitions) throws ExecutionException, InterruptedException {
        try (Admin admin = admin()) {
            admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(partitions)))
                    .all()
                    .get();
        }
    }

    /** For all that tests ask of it besides. */
    public Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", servers));
    }

    /** Writes records as given, and returns when the broker has them. */
    public void send(List<ProducerRecord<byte[], byte[]>> records) throws ExecutionException, InterruptedException {
        try (Producer<byte[], byte[]> producer = producer()) {
            List<Future<RecordMetadata>> taken = new ArrayList<>();
            for (ProducerRecord<byte[], byte[]> each : records) {
                taken.add(producer.send(each));
            }
            for (Future<RecordMetadata> each : taken) {
                each.get();
            }
        }
    }

    /** One that writes to it. */
    public Producer<byte[], byte[]> producer() {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", servers), new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** What a topic holds, read to its end, and on until there is as much as expected or half a minute is over. */
    public List<ConsumerRecord<byte[], byte[]>> records(String topic, int expected) {
        List<ConsumerRecord<byte[], byte[]>> read = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", servers), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(each -> new TopicPartition(topic, each.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            long end = System.nanoTime() + READ_MAX.toNanos();
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (System.nanoTime() < end
                    && (read.size() < expected
                            || ends.entrySet().stream()
                                    .anyMatch(each -> consumer.position(each.getKey()) < each.getValue()))) {
                consumer.poll(Duration.ofMillis(100)).forEach(read::add);
            }
        }
        return read;
    }

    @Override
    public void close() {
        stop();
    }
}
