package repscorer.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.testing.kafka.TestBroker;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@DisplayName("Issue 19: decisions go to a topic of a real broker")
class DecisionsKafkaHttpTest {

    private static final int UNITS = 4;

    @TempDir
    Path directory;

    /** The broker logs as services do, at a service's levels. */
    @BeforeAll
    static void logs() {
        TestService.shared();
    }

    private final Map<String, List<String>> asked = new TreeMap<>();

    private void ask(TestService service, int questions) {
        for (int i = 0; i < questions; i++) {
            String unit = "user:" + (1 + i % UNITS);
            Http.Answer answer = service.http.post(
                    "/v1/candidates",
                    "{\"surface\":\"follow\",\"source\":{\"id\":\"%s\"},\"k\":3,\"unit\":\"%s\"}"
                            .formatted(unit, unit));
            assertThat(answer.status()).as(answer.text()).isEqualTo(200);
            asked.computeIfAbsent(unit, each -> new ArrayList<>()).add(answer.header("X-Decision-Id"));
        }
    }

    private static double dropped(TestService service) {
        Matcher line = Pattern.compile("repscorer_decisions_dropped_total\\{[^}]*reason=\"sink\"} (\\S+)")
                .matcher(service.http.get("/actuator/prometheus").text());
        assertThat(line.find()).isTrue();
        return Double.parseDouble(line.group(1));
    }

    @Test
    @DisplayName(
            "each unit's decisions come once and in order; while the broker is away answers go on, and what is dropped is counted")
    void theyComeOnceAndInOrder() throws Exception {
        TestBroker broker = TestBroker.shared();
        broker.createTopic("decisions", 3, Map.of());
        try (TestService service = TestService.start(
                directory,
                options -> options.withSetting("decisions.log", "kept")
                        .withSetting("decisions.kafka.servers", broker.servers())
                        .withSetting("decisions.kafka.topic", "decisions"))) {
            service.publish("one", 1);
            askUntilOneArrives(service, broker);
            ask(service, 40);
            accountFor(service, broker);

            broker.stop();
            ask(service, 40);
            broker.start();
            askUntilOneArrives(service, broker);
            ask(service, 40);
            accountFor(service, broker);
        }
    }

    /** Nobody waits for a topic that is not known yet: the first decisions are dropped. */
    private void askUntilOneArrives(TestService service, TestBroker broker) throws InterruptedException {
        int before = broker.records("decisions", 0).size();
        for (int i = 0; i < 60 && broker.records("decisions", 0).size() == before; i++) {
            ask(service, UNITS);
            Thread.sleep(250);
        }
    }

    /** Everything that was asked is in the topic or counted as dropped, and what is there is in the order of its unit. */
    private void accountFor(TestService service, TestBroker broker) throws InterruptedException {
        int all = asked.values().stream().mapToInt(List::size).sum();
        List<ConsumerRecord<byte[], byte[]>> read = List.of();
        for (int i = 0; i < 240 && read.size() + dropped(service) != all; i++) {
            Thread.sleep(250);
            read = broker.records("decisions", 0);
        }
        assertThat(read.size() + dropped(service)).isEqualTo(all);
        assertThat(read).isNotEmpty();
        Map<String, List<String>> told = new TreeMap<>();
        for (ConsumerRecord<byte[], byte[]> each : read) {
            JsonNode decision = JsonMapper.shared().readTree(each.value());
            String unit = new String(each.key(), StandardCharsets.UTF_8);
            assertThat(decision.path("unit").asString()).isEqualTo(unit);
            assertThat(each.headers()).isEmpty();
            told.computeIfAbsent(unit, any -> new ArrayList<>())
                    .add(decision.path("id").asString());
        }
        told.forEach((unit, ids) -> {
            List<String> inOrder = new ArrayList<>(asked.getOrDefault(unit, List.of()));
            inOrder.retainAll(ids);
            assertThat(ids).as(unit).isEqualTo(inOrder);
        });
        for (List<String> ids : asked.values()) {
            assertThat(told.values().stream().anyMatch(each -> each.contains(ids.getLast())))
                    .as("the last one")
                    .isTrue();
        }
    }
}
