package repscorer.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import repscorer.api.security.AccessKeys;
import repscorer.api.security.Role;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Slow requests are written down with their plan, at a bounded rate, and nothing secret. */
class SlowRequestsHttpTest {

    private static final int EXCLUDED = 30_000;

    /** Slow on any machine: all these are looked up. */
    private static final String MANY = IntStream.range(0, EXCLUDED)
            .mapToObj(i -> String.format(Locale.ROOT, "\"user:77%05d\"", i))
            .collect(Collectors.joining(",", "[", "]"));

    private static TestService service;
    private static Path file;
    private static String key;

    @BeforeAll
    static void start() throws IOException {
        Path directory = TestService.newDirectory();
        Path config = TestService.copyConfig(directory.resolve("config"));
        Files.writeString(config.resolve("experiments").resolve("blend.yaml"), """
                experiment: blend
                surface: follow
                layer: ranking
                enabled: true
                variants:
                  - {name: control, weight: 1}
                  - {name: deeper, weight: 1, overrides: {columns.twhin.ef: 333}, forced: ["secret-unit"]}
                """);
        key = AccessKeys.open(directory.resolve("data")).add("mixer", Set.of(Role.READ), Optional.empty());
        service = TestService.start(
                directory,
                options -> options.withConfigDirectory(config)
                        .withSetting("http.open-reads", "nowhere")
                        .withSetting("slow-log.threshold", "1ms")
                        .withSetting("slow-log.per-second", "3"));
        service.publish("one", 1);
        file = directory.resolve("data").resolve("slow-requests.jsonl");
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static Http.Answer post(String path, String body) {
        return service.http.send(
                "POST",
                path,
                BodyPublishers.ofString(body),
                List.of("Content-Type", "application/json", "Authorization", "Bearer " + key));
    }

    private static JsonNode line(String has) throws Exception {
        for (int i = 0; i < 500; i++) {
            if (Files.exists(file)) {
                for (String line : Files.readAllLines(file)) {
                    if (line.contains(has) && line.endsWith("}")) {
                        return JsonMapper.shared().readTree(line);
                    }
                }
            }
            Thread.sleep(20);
        }
        throw new AssertionError("no line has " + has);
    }

    @Test
    void aSlowRequestIsALineWithItsPlanAndNoId() throws Exception {
        Thread.sleep(1_100); // whatever another test wrote is in another second
        Http.Answer answer = post("/v1/candidates", """
                {"surface":"follow","source":{"id":"user:7"},"k":4,"unit":"secret-unit","context":{"country":"secret-land"},
                "overrides":{"columns.twhin.retrieve":99},"filters":{"excludeIds":%s}}""".formatted(MANY));
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        String decision = answer.header("X-Decision-Id");

        JsonNode line = line(decision);

        assertThat(line.path("route").asString()).isEqualTo("candidates");
        assertThat(line.path("surface").asString()).isEqualTo("follow");
        assertThat(line.path("caller").asString()).isEqualTo("mixer");
        assertThat(line.path("release").asString()).isEqualTo("one");
        assertThat(line.at("/variants/blend").asString()).isEqualTo("deeper");
        assertThat(line.at("/plan/columns/twhin/ef").asInt())
                .as("by the variant")
                .isEqualTo(333);
        assertThat(line.at("/plan/columns/twhin/retrieve").asInt())
                .as("by the request")
                .isEqualTo(99);
        assertThat(line.at("/sizes/excluded").asInt()).isEqualTo(EXCLUDED);
        assertThat(line.at("/sizes/k").asInt()).isEqualTo(4);
        assertThat(line.at("/sizes/answered").asInt()).isEqualTo(4);
        assertThat(line.path("searches").propertyNames()).contains("twhin/user");
        assertThat(line.path("micros").asLong())
                .isGreaterThanOrEqualTo(1_000)
                .isGreaterThanOrEqualTo(line.at("/stageMicros/total").asLong());
        assertThat(line.path("stageMicros").propertyNames()).contains("source", "retrieve", "score", "blend", "total");
        long cpu = line.at("/cpuMicros/total").asLong();
        assertThat(cpu).isPositive().isLessThanOrEqualTo(line.path("micros").asLong() + 20_000);
        long stages = 0;
        for (String stage : List.of("source", "retrieve", "score", "blend")) {
            stages += line.at("/cpuMicros/" + stage).asLong(0);
        }
        assertThat(stages).isPositive().isLessThanOrEqualTo(cpu);
        assertThat(line.toString()).doesNotContain("user:7", "secret-", key);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void aRequestForScoresAndOneThatFailsAreToo() throws Exception {
        Thread.sleep(1_100);
        String ids = IntStream.range(0, 10_000)
                .mapToObj(i -> String.format(Locale.ROOT, "\"user:88%04d\"", i))
                .collect(Collectors.joining(",", "[", "]"));
        assertThat(post(
                                "/v1/scores",
                                "{\"surface\":\"follow\",\"source\":{\"id\":\"user:7\"},\"candidates\":%s}"
                                        .formatted(ids))
                        .status())
                .isEqualTo(200);
        JsonNode scores = line("\"route\":\"scores\"");
        assertThat(scores.at("/sizes/candidates").asInt()).isEqualTo(10_000);
        assertThat(scores.toString()).doesNotContain("user:");
        post("/v1/candidates", """
                {"surface":"follow","source":{"id":"user:7"},"overrides":{"release":"none"},"filters":{"excludeIds":%s}}""".formatted(MANY));
        // Whether this one is slow depends on the machine: the release is looked up first.
        for (String each : Files.readAllLines(file)) {
            assertThat(each).doesNotContain("user:");
        }
    }

    @Test
    void linesBeyondTheRateAreCountedAndNotWritten() throws Exception {
        double before = counted("written") + counted("over-rate") + counted("dropped");
        for (int i = 0; i < 12; i++) {
            post("/v1/candidates", """
                    {"surface":"follow","source":{"id":"user:7"},"filters":{"excludeIds":%s}}""".formatted(MANY));
        }
        double all = counted("written") + counted("over-rate") + counted("dropped") - before;
        assertThat(all).as("each of them is counted once").isEqualTo(12);
        Map<String, Long> seconds = Files.readAllLines(file).stream()
                .map(line -> JsonMapper.shared().readTree(line).path("at").asString())
                .collect(Collectors.groupingBy(at -> at.substring(0, 19), Collectors.counting()));
        assertThat(seconds.values())
                .as("seconds of the clock share two of the rate's")
                .allMatch(lines -> lines <= 6);
    }

    private static double counted(String outcome) {
        return service.http
                .get("/actuator/prometheus")
                .text()
                .lines()
                .filter(line -> line.startsWith("repscorer_slow_requests_total{")
                        && line.contains("outcome=\"%s\"".formatted(outcome)))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void withoutAThresholdThereIsNoFile() {
        TestService.shared().http.post("/v1/candidates", """
                {"surface":"follow","source":{"id":"user:7"},"filters":{"excludeIds":%s}}""".formatted(MANY));
        assertThat(TestService.shared().directory.resolve("data").resolve("slow-requests.jsonl"))
                .doesNotExist();
    }
}
