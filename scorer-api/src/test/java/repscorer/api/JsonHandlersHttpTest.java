package repscorer.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A handler answers the same whichever adapter calls it: ours where a request is plain, else the framework's. */
class JsonHandlersHttpTest {

    private static final String CANDIDATES = """
            {"surface": "follow", "source": {"id": "user:5"}, "k": 7, "explain": true}""";

    private static final String SCORES = """
            {"surface": "follow", "source": {"id": "user:5"}, "candidates": ["user:9", "user:6", "user:999"]}""";

    private final Http http = TestService.shared().http;

    private Http.Answer ask(String path, String body, String... headers) {
        return http.send("POST", path, BodyPublishers.ofString(body), List.of(headers));
    }

    private static String lasting(Http.Answer answer) {
        return answer.text().replaceAll("\"decisionId\":\"[^\"]*\"", "").replaceAll("\"micros\":\\{[^}]*\\}", "");
    }

    private static Map<String, List<String>> headers(Http.Answer answer) {
        Map<String, List<String>> headers =
                new TreeMap<>(answer.response().headers().map());
        // These differ from one answer to the next: the times in it are of one, two or more digits.
        List.of("x-decision-id", "date", "content-length").forEach(headers::remove);
        return headers;
    }

    private void assertSame(String path, String body) {
        Http.Answer plain = ask(path, body, "Content-Type", "application/json");
        for (List<String> other : List.of(
                List.of("Content-Type", "application/json;charset=UTF-8"),
                List.of("Content-Type", "application/json", "Accept", "text/html, application/json;q=0.9"),
                List.of("Content-Type", "application/json", "Accept", "application/*"))) {
            Http.Answer answer = ask(path, body, other.toArray(String[]::new));
            assertThat(answer.status()).as("%s", other).isEqualTo(plain.status());
            assertThat(lasting(answer)).as("%s", other).isEqualTo(lasting(plain));
            assertThat(headers(answer)).as("%s", other).isEqualTo(headers(plain));
        }
        Http.Answer accepted = ask(path, body, "Content-Type", "application/json", "Accept", "application/json");
        assertThat(lasting(accepted)).isEqualTo(lasting(plain));
        assertThat(headers(accepted)).isEqualTo(headers(plain));
    }

    @Test
    @DisplayName("the same bytes and headers by either adapter")
    void sameAnswers() {
        assertThat(ask("/v1/candidates", CANDIDATES, "Content-Type", "application/json")
                        .status())
                .isEqualTo(200);
        assertSame("/v1/candidates", CANDIDATES);
        assertSame("/v1/scores", SCORES);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{",
                "{\"surface\": \"follow\"} {}",
                "{\"surface\": 7}",
                "{\"surface\": \"follow\", \"nothing\": 1}",
                "{\"surface\": \"follow\", \"surface\": \"tweet\"}",
                "{\"surface\": \"follow\", \"source\": {\"id\": \"user:5\"}, \"k\": 1e99}",
                "{\"surface\": \"follow\", \"source\": {\"id\": \"user:\"}}",
                "{\"surface\": \"none\", \"source\": {\"id\": \"user:5\"}}"
            })
    @DisplayName("the same problem by either adapter")
    void sameProblems(String body) {
        Http.Answer plain = ask("/v1/candidates", body, "Content-Type", "application/json");
        assertThat(plain.status()).as(plain.text()).isBetween(400, 499);
        assertSame("/v1/candidates", body);
    }

    @Test
    @DisplayName("what is not to be answered as JSON, or does not come as JSON, is refused")
    void otherTypes() {
        assertThat(ask("/v1/candidates", CANDIDATES, "Content-Type", "application/json", "Accept", "text/html")
                        .status())
                .isEqualTo(406);
        assertThat(ask("/v1/candidates", CANDIDATES, "Content-Type", "text/plain")
                        .status())
                .isEqualTo(415);
    }

    @Test
    @DisplayName("a connection is kept for as many requests as its caller sends")
    void connectionsAreKept() {
        try (RawCall call = new RawCall(TestService.shared().running.uri())) {
            for (int i = 0; i < 250; i++) {
                assertThat(call.post("/v1/scores", SCORES).answer())
                        .as("request %s", i)
                        .startsWith("HTTP/1.1 200")
                        .doesNotContain("Connection: close");
            }
        }
    }
}
