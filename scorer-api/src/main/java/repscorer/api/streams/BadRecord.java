package repscorer.api.streams;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import repscorer.core.store.Outcome.Refused;

/** A record that is no change to its space, and the rule it breaks. */
record BadRecord(ConsumerRecord<byte[], byte[]> record, Refused rule) {

    /** Where it stands and why, in words. */
    String words() {
        return "%s: %s (partition %s, offset %s)"
                .formatted(rule.code(), rule.message(), record.partition(), record.offset());
    }
}
