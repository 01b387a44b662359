package repscorer.api.streams;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import repscorer.api.config.StreamSettings;
import repscorer.yaml.ConfigException;

/** Makes the clients of Kafka: what the file of properties says, under what is ours to say. Immutable, safe for concurrent use. */
final class TopicClients {

    private static final int TIMEOUT_MILLIS = 10_000;

    /** Of one poll, so that many small changes are made durable together and none waits long for the others. */
    private static final int POLL_RECORDS_MAX = 2_000;

    private final Map<String, Object> common = new TreeMap<>();

    /** @throws ConfigException where the file of properties cannot be read */
    TopicClients(StreamSettings settings) {
        common.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, TIMEOUT_MILLIS);
        common.put(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, TIMEOUT_MILLIS);
        common.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        common.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, POLL_RECORDS_MAX);
        if (!settings.properties().isEmpty()) {
            Properties given = new Properties();
            try (Reader file = Files.newBufferedReader(Path.of(settings.properties()))) {
                given.load(file);
            } catch (IOException | IllegalArgumentException e) {
                throw new ConfigException(
                        "streams.properties: '%s' cannot be read".formatted(settings.properties()), e);
            }
            given.stringPropertyNames().forEach(name -> common.put(name, given.getProperty(name)));
        }
        common.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, settings.servers());
    }

    /** One that is in no group, and remembers nothing at the broker. */
    Consumer<byte[], byte[]> consumer(String space) {
        Map<String, Object> config = named("repscorer-" + space);
        config.remove(ConsumerConfig.GROUP_ID_CONFIG);
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    Producer<byte[], byte[]> producer() {
        Map<String, Object> config = named("repscorer-dead-letters");
        config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, TIMEOUT_MILLIS);
        config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 2 * TIMEOUT_MILLIS);
        return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    }

    Admin admin() {
        return Admin.create(named("repscorer-topics"));
    }

    private Map<String, Object> named(String client) {
        Map<String, Object> config = new TreeMap<>(common);
        config.put(CommonClientConfigs.CLIENT_ID_CONFIG, client);
        return config;
    }
}
