package repscorer.api.decisions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import repscorer.api.config.DecisionSettings;
import repscorer.yaml.ConfigException;

/** Against the client's own stand-in for a broker. */
class KafkaSinkTest {

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void decisionsAreKeyedByTheirUnit() {
        try (MockProducer<byte[], byte[]> broker =
                new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer())) {
            KafkaSink sink = new KafkaSink(broker, "decisions");
            sink.put("id-1", Optional.of("user:é"), bytes("{}"));
            sink.put("id-2", Optional.empty(), bytes("{\"a\":1}"));
            assertThat(broker.history())
                    .hasSize(2)
                    .allMatch(each -> each.topic().equals("decisions"));
            assertThat(broker.history().getFirst().key()).isEqualTo(bytes("user:é"));
            assertThat(broker.history().getLast().key()).isEqualTo(bytes("id-2"));
            assertThat(broker.history().getLast().value()).isEqualTo(bytes("{\"a\":1}"));
            assertThat(sink.dropped()).isZero();
        }
    }

    @Test
    void whatIsNotTakenIsCountedWhenItFailsAndWhenThereIsNoRoom() {
        MockProducer<byte[], byte[]> broker =
                new MockProducer<>(false, null, new ByteArraySerializer(), new ByteArraySerializer());
        KafkaSink sink = new KafkaSink(broker, "decisions");
        sink.put("id-1", Optional.empty(), bytes("{}"));
        sink.put("id-2", Optional.empty(), bytes("{}"));
        assertThat(broker.errorNext(new TimeoutException("too late"))).isTrue();
        assertThat(broker.completeNext()).isTrue();
        assertThat(sink.dropped()).isEqualTo(1);
        broker.sendException = new TimeoutException("no room");
        sink.put("id-3", Optional.empty(), bytes("{}"));
        assertThat(sink.dropped()).isEqualTo(2);
        sink.close();
        sink.put("id-4", Optional.empty(), bytes("{}"));
        assertThat(sink.dropped()).isEqualTo(3);
    }

    @Test
    void aBrokerThatIsNotThereHoldsUpNobody() {
        long begun = System.nanoTime();
        KafkaSink sink = KafkaSink.open(new DecisionSettings.Kafka("127.0.0.1:1", "decisions"));
        for (int i = 0; i < 100; i++) {
            sink.put("id-" + i, Optional.empty(), bytes("{}"));
        }
        assertThat(sink.dropped()).isEqualTo(100);
        sink.close();
        assertThat(System.nanoTime() - begun).as("nanoseconds").isLessThan(20_000_000_000L);
    }

    @Test
    void serversThatNobodyKnowsAreTold() {
        assertThatThrownBy(() -> KafkaSink.open(new DecisionSettings.Kafka("nonsense", "decisions")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("decisions.kafka: 'nonsense' cannot be used");
    }
}
