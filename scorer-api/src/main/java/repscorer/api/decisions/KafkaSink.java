package repscorer.api.decisions;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import repscorer.api.config.DecisionSettings;
import repscorer.decisions.DecisionSink;
import repscorer.yaml.ConfigException;

/**
 * Sends decisions to a topic, those of one unit in their order. Waits for nothing: what finds no room, or is not taken within half a
 * minute, is dropped and counted. For one thread, and those of the client.
 */
final class KafkaSink implements DecisionSink {

    private static final long BUFFER_BYTES = 16L << 20;
    private static final Duration CLOSE_MAX = Duration.ofSeconds(5);

    private final Producer<byte[], byte[]> producer;
    private final String topic;
    private final LongAdder dropped = new LongAdder();

    KafkaSink(Producer<byte[], byte[]> producer, String topic) {
        this.producer = producer;
        this.topic = topic;
    }

    /** @throws ConfigException where no server's name is known */
    static KafkaSink open(DecisionSettings.Kafka settings) {
        Map<String, Object> config = Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                settings.servers(),
                ProducerConfig.CLIENT_ID_CONFIG,
                "repscorer-decisions",
                ProducerConfig.MAX_BLOCK_MS_CONFIG,
                0L, // a full buffer, or a topic that is not known yet, drops
                ProducerConfig.BUFFER_MEMORY_CONFIG,
                BUFFER_BYTES,
                ProducerConfig.LINGER_MS_CONFIG,
                50,
                ProducerConfig.COMPRESSION_TYPE_CONFIG,
                "zstd",
                ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                10_000,
                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                30_000);
        try {
            return new KafkaSink(
                    new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer()),
                    settings.topic());
        } catch (KafkaException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new ConfigException(
                    "decisions.kafka: '%s' cannot be used: %s".formatted(settings.servers(), cause.getMessage()), e);
        }
    }

    @Override
    public void put(String id, Optional<String> unit, byte[] line) {
        byte[] key = unit.orElse(id).getBytes(StandardCharsets.UTF_8);
        try {
            Future<RecordMetadata> unused = producer.send(new ProducerRecord<>(topic, key, line), (taken, failure) -> {
                if (failure != null) {
                    dropped.increment();
                }
            });
        } catch (KafkaException | IllegalStateException e) {
            dropped.increment();
        }
    }

    @Override
    public long dropped() {
        return dropped.sum();
    }

    @Override
    public void close() {
        producer.close(CLOSE_MAX);
    }
}
