package repscorer.api.streams;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/** Keeps refused records in a topic, as they came, with the rule that each breaks and the place it stood at. Safe for concurrent use. */
final class DeadLetters implements AutoCloseable {

    private final Producer<byte[], byte[]> producer;
    private final String topic;

    DeadLetters(Producer<byte[], byte[]> producer, String topic) {
        this.producer = producer;
        this.topic = topic;
    }

    /** Returns when the broker has them all. Throws {@link KafkaException} where it does not take one. */
    void put(List<BadRecord> letters) throws InterruptedException {
        List<Future<RecordMetadata>> taken = new ArrayList<>(letters.size());
        for (BadRecord each : letters) {
            ConsumerRecord<byte[], byte[]> record = each.record();
            Headers headers = new RecordHeaders(record.headers().toArray())
                    .add("repscorer.code", bytes(each.rule().code()))
                    .add("repscorer.message", bytes(each.rule().message()))
                    .add("repscorer.topic", bytes(record.topic()))
                    .add("repscorer.partition", bytes(Integer.toString(record.partition())))
                    .add("repscorer.offset", bytes(Long.toString(record.offset())));
            taken.add(producer.send(
                    new ProducerRecord<>(topic, null, record.timestamp(), record.key(), record.value(), headers)));
        }
        for (Future<RecordMetadata> each : taken) {
            try {
                each.get();
            } catch (ExecutionException e) {
                throw new KafkaException("dead letters are not taken: " + e.getCause(), e);
            }
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        producer.close();
    }
}
