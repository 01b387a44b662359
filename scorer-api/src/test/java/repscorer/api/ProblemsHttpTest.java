package repscorer.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Errors that belong to no feature: bodies, types, routes, methods, sizes, tokens. */
class ProblemsHttpTest {

    private static final List<String> JSON = List.of("Content-Type", "application/json");

    private final TestService service = TestService.shared();
    private final Http http = service.http;

    @Test
    void malformedJsonIsToldWithLineAndColumn() {
        Http.Answer answer = http.post("/v1/candidates", "{\n  \"surface\": \"follow\",\n  \"k\": ,\n}");

        assertThat(answer.problem()).isEqualTo("400 malformed-json -");
        assertThat(answer.detail()).contains("line 3, column ");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{`surface`: `follow` | 400 malformed-json",
                "{`surface`: `follow`, `surface`: `tweet`} | 400 malformed-json",
                "{`surface`: `follow`} {} | 400",
                "[] | 400 wrong-type",
                "`follow` | 400",
                "null | 400 body-missing",
                "<a/> | 400 malformed-json",
                "{`k`: Infinity} | 400 not-finite",
                "{`k`: -NaN} | 400"
            })
    void whatIsNoRequestIsRefused(String body, String problem) {
        Http.Answer answer = http.post("/v1/candidates", body.replace('`', '"'));

        assertThat(answer.problem()).as(answer.text()).startsWith(problem);
        assertThat(answer.type()).startsWith("application/problem+json");
    }

    @Test
    void naNIsNamed() {
        Http.Answer answer = http.post("/v1/candidates", """
                {"source": {"vector": [NaN]}}""");

        assertThat(answer.detail()).contains("NaN").contains("line 1");
    }

    @Test
    void anEmptyBodyIsRefused() {
        assertThat(http.post("/v1/candidates", "").problem()).isEqualTo("400 body-missing -");
    }

    @Test
    void anUnknownKeyIsToldWithTheKnownOnes() {
        Http.Answer answer = http.post("/v1/candidates", "{\"surfase\": \"follow\"}");

        assertThat(answer.problem()).isEqualTo("400 unknown-key surfase");
        assertThat(answer.detail())
                .contains(
                        "unknown key; known are context, dryRun, explain, filters, k, overrides, source, surface, unit");
    }

    @Test
    void deepNestingIsRefused() {
        String body = "{\"overrides\": {\"x\": " + "[".repeat(5_000) + "]".repeat(5_000) + "}}";

        assertThat(http.post("/v1/candidates", body).status()).isEqualTo(400);
    }

    @Test
    void anotherMediaTypeIsRefused() {
        Http.Answer answer = http.send(
                "POST", "/v1/candidates", BodyPublishers.ofString("a=b"), List.of("Content-Type", "text/plain"));

        assertThat(answer.problem()).isEqualTo("415 unsupported-media-type -");
        assertThat(answer.detail()).contains("text/plain").contains("application/json");
    }

    @Test
    void anAnswerNobodyWantsIsRefused() {
        Http.Answer answer = http.send("GET", "/v1/spaces", BodyPublishers.noBody(), List.of("Accept", "image/png"));

        assertThat(answer.problem()).isEqualTo("406 not-acceptable -");
        assertThat(answer.type()).startsWith("application/problem+json");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/v1",
                "/v1/nothing",
                "/v2/candidates",
                "/error",
                "/favicon.ico",
                "/actuator",
                "/actuator/env"
            })
    void anUnknownRouteIsAProblem(String path) {
        Http.Answer answer = http.get(path);

        assertThat(answer.problem()).as(answer.text()).isEqualTo("404 unknown-route -");
        assertThat(answer.json().path("instance").asString()).isEqualTo(path);
    }

    @Test
    void aWrongMethodIsToldTheRightOne() {
        Http.Answer answer = http.get("/v1/candidates");

        assertThat(answer.problem()).isEqualTo("405 method-not-allowed -");
        assertThat(answer.header("Allow")).isEqualTo("POST");
        assertThat(answer.detail()).contains("GET is not allowed here; allowed are POST");
    }

    @Test
    void aBodyWithAStatedLengthOverTheLimitIsRefused() {
        Http.Answer answer = http.post("/v1/candidates", " ".repeat((4 << 20) + 1));

        assertThat(answer.problem()).isEqualTo("413 body-too-large -");
        assertThat(answer.detail()).contains("4194304 bytes");
    }

    @Test
    void aBodyOfUnstatedLengthOverTheLimitIsRefused() {
        byte[] body = " ".repeat((4 << 20) + 1).getBytes(StandardCharsets.UTF_8);
        Http.Answer answer = http.send(
                "POST", "/v1/candidates", BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)), JSON);

        assertThat(answer.problem()).isEqualTo("413 body-too-large -");
    }

    @Test
    void whatTomcatRefusesIsAProblemToo() throws Exception {
        String answer = http.raw("GET /v1/spaces?a=|b HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

        assertThat(answer)
                .startsWith("HTTP/1.1 400")
                .contains("application/problem+json")
                .contains("malformed-request");
        assertThat(answer).doesNotContain("Apache").doesNotContain("<html");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/experiments/assignments?unit=%", "/v1/spaces?a=%4", "/actuator/health?%zz=1"})
    @DisplayName("S23 a percent sign without two digits is the caller's mistake")
    void aHalfWrittenByteIsRefused(String path) throws Exception {
        String answer = http.raw("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

        assertThat(answer)
                .startsWith("HTTP/1.1 400")
                .contains("malformed-query")
                .contains("two hexadecimal digits");
    }

    @ParameterizedTest
    @CsvSource({"PUT, /v1/releases/x/files/twhin-user", "POST, /v1/releases/x/publish", "POST, /v1/releases/x/roll-back"
    })
    void changesNeedTheToken(String method, String path) {
        List<String> type = List.of("Content-Type", "application/octet-stream");
        Http.Answer missing = http.send(method, path, BodyPublishers.noBody(), type);
        Http.Answer basic = http.send(method, path, BodyPublishers.noBody(), with(type, "Authorization", "Basic YTpi"));
        Http.Answer wrong = http.send(
                method, path, BodyPublishers.noBody(), with(type, "Authorization", "Bearer " + Http.TOKEN + "x"));

        assertThat(missing.problem()).isEqualTo("401 token-missing -");
        assertThat(missing.header("WWW-Authenticate")).isEqualTo("Bearer realm=\"repscorer\"");
        assertThat(basic.problem()).isEqualTo("401 token-missing -");
        assertThat(wrong.problem()).isEqualTo("403 token-wrong -");
        assertThat(wrong.header("WWW-Authenticate")).contains("invalid_token");
        assertThat(wrong.text()).doesNotContain(Http.TOKEN);
    }

    private static List<String> with(List<String> headers, String name, String value) {
        return List.of(headers.get(0), headers.get(1), name, value);
    }
}
