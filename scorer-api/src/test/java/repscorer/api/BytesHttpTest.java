package repscorer.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What one request may make the service hold. */
@Timeout(120)
@SuppressWarnings("NullAway.Init")
class BytesHttpTest {

    private static TestService service;

    @BeforeAll
    static void start() {
        service = TestService.start(
                TestService.newDirectory(), options -> options.withSetting("limits.answer-max", "128KiB"));
        service.publish("one", 1);
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static String ids(int count, String id) {
        return IntStream.range(0, count).mapToObj(i -> "\"" + id + "\"").collect(Collectors.joining(",", "[", "]"));
    }

    private static double held() {
        return new Http(service.running.managementUri())
                .get("/actuator/prometheus")
                .text()
                .lines()
                .filter(line -> line.startsWith("repscorer_requests_bytes"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf('}') + 2)))
                .sum();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"overrides\":{\"a\":[%s]}}|{}",
                "{\"overrides\":{%s}}|\"k\":1",
                "{\"filters\":{\"excludeIds\":[%s]}}|\"\"",
                "{\"source\":{\"ids\":[%s]}}|{}",
                "{\"source\":{\"vector\":[%s]}}|0"
            })
    @DisplayName("S33: a body of very many values is refused while it is read")
    void manyValues(String form) {
        String[] parts = form.split("\\|");
        int count = (3 << 20) / (parts[1].length() + 8);
        String values = IntStream.range(0, Math.max(count, 260_000))
                .mapToObj(i -> parts[1].replace("k", "k" + i))
                .collect(Collectors.joining(","));
        Http.Answer refused = service.http.post("/v1/candidates", parts[0].formatted(values));
        assertThat(refused.problem()).startsWith("400 body-too-complex");
        assertThat(refused.detail()).contains("250000");
    }

    @Test
    @DisplayName("S33: so is one of very many levels")
    void manyLevels() {
        String deep = "[".repeat(200) + "]".repeat(200);
        assertThat(service.http
                        .post("/v1/candidates", "{\"overrides\":{\"a\":" + deep + "}}")
                        .problem())
                .startsWith("400 body-too-complex");
    }

    @Test
    @DisplayName("S33: bodies whose end is withheld are held as bytes and not as objects")
    void withheldBodies() throws InterruptedException {
        String body = "{\"overrides\":{\"a\":[" + "{},".repeat(340_000);
        int bytes = body.length();
        List<RawCall> calls = new ArrayList<>();
        double before = held();
        try {
            for (int i = 0; i < 5; i++) {
                calls.add(new RawCall(service.running.uri())
                        .send(RawCall.head("/v1/candidates", bytes + 2, ""))
                        .send(body));
            }
            double most = 0;
            for (int i = 0; i < 500 && most < 10 * (bytes - 100_000.0); i++) {
                most = Math.max(most, held() - before);
                Thread.sleep(20);
            }
            assertThat(most).isBetween(10 * (bytes - 100_000.0), 10.0 * bytes); // each twice, as it grows
        } finally {
            calls.forEach(RawCall::close);
        }
        for (int i = 0; i < 500 && held() > before; i++) {
            Thread.sleep(20);
        }
        assertThat(held()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"twhin-user|user:1", "simclusters-interest|user:1", "twhin-user|user:999999999999999999"})
    @DisplayName("S33: an answer that one id asked for thousands of times makes too long is refused")
    void repeats(String spaceAndId) {
        String[] parts = spaceAndId.split("\\|");
        String request = "{\"ids\": " + ids(10_000, parts[1]) + "}";
        Http.Answer refused = service.http.post("/v1/embeddings/" + parts[0], request);
        assertThat(refused.problem()).isEqualTo("400 answer-too-large ids");
        assertThat(refused.detail()).contains("131072 bytes (limits.answer-max)");
        assertThat(service.http
                        .post("/v1/embeddings/" + parts[0], "{\"ids\": " + ids(20, parts[1]) + "}")
                        .json()
                        .path("embeddings"))
                .hasSize(20);
    }

    @Test
    @DisplayName("S33: packed rows are counted before anything of their size is made")
    void packed() {
        Http.Answer refused = service.http.send(
                "POST",
                "/v1/embeddings/twhin-user",
                BodyPublishers.ofString("{\"ids\": " + ids(10_000, "user:999") + "}"),
                List.of("Content-Type", "application/json", "Accept", "application/octet-stream, application/json"));
        assertThat(refused.problem()).isEqualTo("400 answer-too-large ids");
        assertThat(refused.detail()).contains("10000 rows of 256 bytes have 2570000");
    }

    @Test
    @DisplayName("S33: so are other long answers: a matrix, a list with reasons, pairs")
    void otherAnswers() {
        String users = IntStream.range(0, 300)
                .mapToObj(i -> "\"user:" + (1 + i % 40) + "\"")
                .collect(Collectors.joining(",", "[", "]"));
        String space = "\"similarity\":\"cosine\",\"sourceSpace\":\"twhin-user\",\"candidateSpace\":\"twhin-user\"";
        assertThat(service.http
                        .post(
                                "/v1/scores/matrix",
                                "{%s,\"sources\":%s,\"candidates\":%s}".formatted(space, users, users))
                        .problem())
                .isEqualTo("400 answer-too-large ids");
        assertThat(service.http
                        .post(
                                "/v1/scores",
                                "{\"surface\":\"follow\",\"source\":{\"id\":\"user:1\"},\"candidates\":%s,\"explain\":true}"
                                        .formatted(ids(5_000, "user:2")))
                        .problem())
                .isEqualTo("400 answer-too-large ids");
    }

    @Test
    void aBodyThatBreaksOffIsToldAndGivenBack() {
        for (String body : List.of("zz\r\n{}", "5\r\n{}")) {
            try (RawCall call = new RawCall(service.running.uri())) {
                call.send("POST /v1/scores HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                        + "Transfer-Encoding: chunked\r\n\r\n" + body);
                call.endOfRequest();
                assertThat(call.answer()).startsWith("HTTP/1.1 400").contains("application/problem+json");
            }
        }
        assertThat(held()).isZero();
    }

    @Test
    @DisplayName("S33: what was held is given back")
    void isGivenBack() {
        service.http.post("/v1/embeddings/twhin-user", "{\"ids\": " + ids(200, "user:1") + "}");
        assertThat(held()).isZero();
    }
}
