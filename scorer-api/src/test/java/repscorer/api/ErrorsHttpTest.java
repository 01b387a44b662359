package repscorer.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Errors keep their promise: the rule, the value, the place. */
class ErrorsHttpTest {

    private static final String HEAD = " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n";

    private final Http http = TestService.shared().http;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = true,
            quoteCharacter = '~',
            value = {
                "GET /v1/spa^ces HTTP/1.1$Host: localhost$$ | 400 | malformed-request | RFC 3986, others are written %XX: '/v1/spa^ces'",
                "GET /v1/a\\b HTTP/1.1$Host: localhost$$ | 400 | malformed-request | '/v1/a\\b'",
                "GET /v1/%00 HTTP/1.1$Host: localhost$$ | 400 | malformed-request | two hexadecimal digits: '/v1/%00'",
                "GET /v1/%E9 HTTP/1.1$Host: localhost$$ | 400 | malformed-request | UTF-8 without zeros",
                "GET /v1/%zz HTTP/1.1$Host: localhost$$ | 400 | malformed-request | '/v1/%zz'",
                "GET /v1/spaces HTTP/1.1$Host: localhost$Bad Name: secret$$ | 400 | malformed-request | a header is a name without spaces, a colon and a value, as RFC 9112 has it: 'Bad'",
                "GET /v1/spaces HTTP/1.1$Host: localhost$Authorization Bearer secret$$ | 400 | malformed-request | a header is a name without spaces, a colon and a value, as RFC 9112 has it: 'Authorization'",
                "GET /v1/spaces HTTP/1.1$Host: a bAuthorization: secret$$ | 400 | malformed-request | one name or address, maybe with a port: 'a bAuthorization'",
                "GET /v1/spaces HTTP/1.1$$ | 400 | malformed-request | header Host is missing",
                "GET /v1/spaces HTTP/1.1$Host: a b$$ | 400 | malformed-request | one name or address, maybe with a port: 'a b'",
                "POST /v1/signals HTTP/1.1$Host: localhost$Content-Length: x$$ | 400 | malformed-request | Content-Length is one whole number: 'x'",
                "G@T /v1/spaces HTTP/1.1$Host: localhost$$ | 400 | malformed-request | a method is a word such as GET: 'G@T'",
                "GET /v1/spaces HTTP/3.7$Host: localhost$$ | 505 | http-version-not-supported | the protocol is HTTP/1.1: 'HTTP/3.7'",
                "GET /v1/spaces XTTP/1.1$Host: localhost$$ | 400 | malformed-request | the protocol is HTTP/1.1: 'XTTP/1.1'",
                "POST /v1/candidates HTTP/1.1$Host: localhost$Transfer-Encoding: foo$$ | 501 | not-implemented | the one transfer encoding is chunked: 'foo'",
                "POST /v1/candidates HTTP/1.1$Host: localhost$Expect: x$Content-Length: 0$$ | 417 | expectation-failed | Expect is 100-continue: 'x'",
                "TRACE /v1/spaces HTTP/1.1$Host: localhost$Connection: close$$ | 405 | method-not-allowed | Allow names those that are",
                "POST /v1/candidates HTTP/1.1$Host: localhost$Content-Type: application/json$Transfer-Encoding: chunked$Connection: close$$zz$ | 400 | malformed-request | the chunks of its body"
            })
    @DisplayName("S28: what the container refuses tells rule, value and place")
    void theContainersRefusalsAreTold(String request, int status, String code, String detail) {
        String answer = http.raw(request.replace("$", "\r\n"));

        JsonNode problem = problem(answer);
        assertThat(answer).startsWith("HTTP/1.1 " + status).contains("application/problem+json");
        assertThat(problem.path("status").asInt()).isEqualTo(status);
        assertThat(problem.path("code").asString()).isEqualTo(code);
        assertThat(problem.path("type").asString()).isEqualTo("/problems/" + code);
        assertThat(problem.path("detail").asString()).contains(detail).doesNotContain("secret");
    }

    @Test
    @DisplayName("S28: an over-long address is 414, over-long headers are 431, both with the limit")
    void whatIsTooLongIsTold() {
        String address = http.raw("GET /v1/spaces?" + "a".repeat(9_000) + HEAD + "\r\n");
        String header = http.raw("GET /v1/spaces" + HEAD + "X-A: " + "a".repeat(9_000) + "\r\n\r\n");

        assertThat(address).startsWith("HTTP/1.1 414");
        assertThat(problem(address).path("code").asString()).isEqualTo("address-too-long");
        assertThat(problem(address).path("detail").asString()).contains("at most 8192 bytes");
        assertThat(header).startsWith("HTTP/1.1 431");
        assertThat(problem(header).path("code").asString()).isEqualTo("headers-too-large");
        assertThat(problem(header).path("detail").asString()).contains("at most 8192 bytes");
    }

    private static JsonNode problem(String answer) {
        String body = answer.substring(answer.indexOf("\r\n\r\n"));
        return JsonMapper.shared().readTree(body.substring(body.indexOf('{'), body.lastIndexOf('}') + 1));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "badRowsMax=x | 400 wrong-type badRowsMax | badRowsMax must be a whole number: 'x'",
                "badRowsNamed=1.5 | 400 wrong-type badRowsNamed | badRowsNamed must be a whole number: '1.5'",
                "badRowsMax=99999999999999999999 | 400 wrong-type badRowsMax | '99999999999999999999'",
                "badRowsMax=-1 | 400 out-of-range badRowsMax | badRowsMax must be 0 to 9223372036854775807: -1",
                "badRowsNamed=-1 | 400 out-of-range badRowsNamed | badRowsNamed must be 0 to 1000: -1",
                "badRowsNamed=1001 | 400 out-of-range badRowsNamed | 1001"
            })
    @DisplayName("S28: a parameter's own name, rule and value")
    void parametersAreNamed(String query, String problem, String detail) {
        Http.Answer answer = http.send(
                "PUT",
                "/v1/releases/r/rows/twhin-user?format=csv&" + query,
                BodyPublishers.ofString("x"),
                List.of("Content-Type", "text/csv", "Authorization", "Bearer " + Http.TOKEN));

        assertThat(answer.problem()).isEqualTo(problem);
        assertThat(answer.detail()).contains(detail);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{`source`: {`vector`: [`0.5`]}} | 400 wrong-type source.vector[0] | source.vector[0] must be a number",
                "{`source`: {`vector`: [1, null]}} | 400 wrong-type source.vector[1] | source.vector[1] must be a number",
                "{`source`: {`vector`: [1, true]}} | 400 wrong-type source.vector[1] | source.vector[1] must be a number",
                "{`source`: {`vector`: 5}} | 400 wrong-type source.vector | source.vector must be a list",
                "{`k`: 2.5} | 400 wrong-type k | k must be a whole number: '2.5'",
                "{`k`: 99999999999} | 400 out-of-range k | the number is out of range: 99999999999",
                "{`k`: 99999999999.0} | 400 | whole number",
                "{`explain`: 1} | 400 wrong-type explain | explain must be true or false: '1'",
                "{`k`: 1}{`k`: 2} | 400 malformed-json - | the body is one JSON document, and another begins (line 1, column 9)",
                "{`k`: 1}[] | 400 malformed-json - | the body is one JSON document",
                "{`k`: 1 | 400 malformed-json - | Unexpected end-of-input",
                "{`k`: +1} | 400 malformed-json - | plus signs",
                "// x | 400 malformed-json - | comment"
            })
    @DisplayName("S28: a body's fault is told in a caller's words")
    void bodiesAreTold(String body, String problem, String detail) {
        Http.Answer answer = http.post("/v1/candidates", body.replace('`', '"'));

        assertThat(answer.problem()).as(answer.text()).startsWith(problem);
        assertThat(answer.detail()).contains(detail);
        assertNoLibrary(answer.detail());
    }

    @Test
    @DisplayName("S28: no method, class or feature of a library is named")
    void noLibraryIsNamed() {
        for (String body : List.of(
                "{\"k\":" + "1".repeat(1_200) + "}",
                "{\"overrides\":{\"x\":" + "[".repeat(600) + "]".repeat(600) + "}}",
                "{\"" + "k".repeat(60_000) + "\":1}",
                "{\"k\":.5}",
                "{\"k\":0x1}",
                "{'k':1}",
                "{\"k\":1,}",
                "{\"surface\":\"a\tb\"}",
                "{\"surface\":\"a\\qb\"}",
                "{\"k\":NaN}",
                "{\"k\":1")) {
            Http.Answer answer = http.post("/v1/candidates", body);
            assertThat(answer.status()).isEqualTo(400);
            assertNoLibrary(answer.detail());
            Http.Answer line = http.send(
                    "POST",
                    "/v1/spaces/twhin-user/upserts",
                    BodyPublishers.ofString(body),
                    List.of("Content-Type", "application/x-ndjson", "Authorization", "Bearer " + Http.TOKEN));
            assertThat(line.text()).contains("REFUSED");
            assertNoLibrary(line.text());
            Http.Answer row = http.send(
                    "PUT",
                    "/v1/releases/r/rows/twhin-user?format=jsonl",
                    BodyPublishers.ofString(body),
                    List.of("Content-Type", "application/x-ndjson", "Authorization", "Bearer " + Http.TOKEN));
            assertThat(row.status()).isEqualTo(422);
            assertNoLibrary(row.detail());
        }
    }

    private static void assertNoLibrary(String words) {
        assertThat(words)
                .doesNotContain("()")
                .doesNotContain("Feature")
                .doesNotContain("StreamRead")
                .doesNotContain("jackson")
                .doesNotContain("java.")
                .doesNotContain("`")
                .doesNotContain("REDACTED");
    }

    @Test
    @DisplayName("S28: the signal of a batch that is wrong is named by its index")
    void theWrongSignalIsNamed() {
        String good = "{\"user\":\"user:1\",\"type\":\"fav\",\"entity\":\"tweet:1\"}";
        for (String bad : List.of(
                "{\"user\":\"user:1\",\"type\":\"nope\",\"entity\":\"tweet:1\"}",
                "{\"user\":\"user:1\",\"type\":\"fav\",\"entity\":\"user:1\"}",
                "{\"user\":\"user:1\",\"type\":\"fav\",\"entity\":\"tweet:1\",\"at\":\"9999-01-01T00:00:00Z\"}")) {
            Http.Answer answer = http.send(
                    "POST",
                    "/v1/signals",
                    BodyPublishers.ofString("{\"signals\":[" + good + "," + good + "," + bad + "]}"),
                    List.of("Content-Type", "application/json", "Authorization", "Bearer " + Http.TOKEN));
            assertThat(answer.problem()).isEqualTo("400 malformed-signal signals[2]");
            assertThat(answer.detail()).startsWith("signals[2]: ");
        }
        assertThat(http.getAsAdmin("/v1/signals/user:1").json().path("signals")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | header Content-Type is missing; send",
                "x | header Content-Type is no media type: 'x'; send",
                "application/json; charset=nope | header Content-Type is no media type: 'application/json; charset=nope'",
                "text/plain | content type text/plain is not read here; send"
            })
    @DisplayName("S28: a content type that is missing or none is called so")
    void aContentTypeIsTold(String type, String detail) {
        String header = type.isEmpty() ? "" : "Content-Type: " + type + "\r\n";
        String answer = http.raw("POST /v1/candidates" + HEAD + header + "Content-Length: 2\r\n\r\n{}");

        assertThat(answer).startsWith("HTTP/1.1 415").contains(detail).contains("application/json");
        assertThat(answer).doesNotContain("null");
    }

    @ParameterizedTest
    @CsvSource({"/v1/candidates", "/v1/nothing", "/v1/releases/one/publish", "/mcp"})
    @DisplayName("S28: a pattern is no content type, on routes that there are and on others")
    void aPatternIsNoContentType(String path) {
        for (String type : List.of("*/*", "text/*;charset=UTF-8")) {
            Http.Answer answer = http.send("POST", path, BodyPublishers.ofString("{}"), List.of("Content-Type", type));
            assertThat(answer.problem()).isEqualTo("415 unsupported-media-type -");
            assertThat(answer.detail())
                    .isEqualTo("a content type is one type and no pattern: '%s' (header Content-Type)".formatted(type));
        }
    }

    @Test
    @DisplayName("S28: an answer that nobody wants tells what was asked for")
    void anUnwantedAnswerIsTold() {
        assertThat(http.send("GET", "/v1/spaces", BodyPublishers.noBody(), List.of("Accept", "image/png"))
                        .detail())
                .isEqualTo("answers are [application/json]: 'image/png'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"2.0", "2", "2e0", "20e-1"})
    @DisplayName("S32: 2.0 is a whole number, in keys, overrides and entries")
    void aWholeNumberMayBeWrittenWithAPoint(String number) {
        Http.Answer answer = http.post(
                "/v1/candidates",
                "{\"surface\":\"follow\",\"source\":{\"clusters\":[{\"cluster\":%s,\"weight\":1}]},\"k\":%s}"
                        .formatted(number, number));
        Http.Answer overridden = http.post(
                "/v1/candidates",
                "{\"surface\":\"follow\",\"source\":{\"id\":\"user:1\"},\"k\":2,\"overrides\":{\"columns.twhin.ef\":%s}}"
                        .formatted("100.0"));

        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(answer.json().path("k").asInt()).isEqualTo(2);
        assertThat(overridden.status()).as(overridden.text()).isEqualTo(200);
    }
}
