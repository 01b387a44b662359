package repscorer.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** Ids and names in paths. */
class PathsHttpTest {

    @TempDir
    static Path directory;

    private static TestService service;
    private static Http http;

    @BeforeAll
    static void start() {
        service = TestService.start(directory, options -> options);
        http = service.http;
        service.publish("one", 1);
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a\\b",
                "\\",
                "..\\..",
                "a;b",
                ";",
                "a/b",
                "a//b",
                "/",
                "..",
                ".",
                "a/../b",
                "./a",
                "a/",
                "a%b",
                "%2F",
                "%",
                "a?b#c",
                "a+b",
                "a b",
                " a ",
                "a.json",
                "a.emb",
                "a:b",
                "a\"b'c",
                "<a>",
                "a|b^c`d",
                "{a}",
                "*",
                "**",
                "a,b",
                "a=b&c",
                "@",
                "ünï",
                "日本",
                "\uD83D\uDE00",
                "e\u0301",
                "\u00A0",
                "\u200B"
            })
    @DisplayName("S29: whatever id is accepted can be read again, its signals too")
    void whatIsAcceptedCanBeRead(String value) {
        String id = "user:" + value;
        String quoted = JsonMapper.shared().writeValueAsString(id);
        List<String> type = List.of("Content-Type", "application/x-ndjson", "Authorization", "Bearer " + Http.TOKEN);
        String line = "{\"id\":" + quoted + ",\"vector\":[" + "1,".repeat(ReleaseFixture.DIMENSION - 1) + "1]}";
        assertThat(http.send("POST", "/v1/spaces/twhin-user/upserts", BodyPublishers.ofString(line), type)
                        .text())
                .contains("\"ACCEPTED\"");
        assertThat(http.send(
                                "POST",
                                "/v1/signals",
                                BodyPublishers.ofString("{\"signals\":[{\"user\":" + quoted
                                        + ",\"type\":\"follow\",\"entity\":" + quoted + "}]}"),
                                List.of("Content-Type", "application/json", "Authorization", "Bearer " + Http.TOKEN))
                        .status())
                .isEqualTo(200);

        String path = URLEncoder.encode(id, StandardCharsets.UTF_8).replace("+", "%20");
        Http.Answer embedding = http.get("/v1/embeddings/twhin-user/" + path);
        Http.Answer signals = http.getAsAdmin("/v1/signals/" + path);

        assertThat(embedding.status()).as(embedding.text()).isEqualTo(200);
        assertThat(embedding.json().at("/embeddings/0/id").asString()).isEqualTo(id);
        assertThat(signals.status()).as(signals.text()).isEqualTo(200);
        assertThat(signals.json().path("user").asString()).isEqualTo(id);
        assertThat(signals.json().at("/signals/0/entity").asString()).isEqualTo(id);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "PUT | /v1/releases/a;b=c/files/twhin-user",
                "PUT | /v1/releases/a/rows/twhin-user;x",
                "POST | /v1/releases/one;x/publish",
                "POST | /v1/releases/one/roll-back;jsessionid=1",
                "GET | /v1/embeddings/twhin-user/user:1;x",
                "GET | /v1/signals/user:1;x",
                "GET | /v1/spaces;x=y",
                "GET | /actuator/health;x",
                "GET | /;"
            })
    @DisplayName("S43: a ; in a path is refused rather than left out with what follows it")
    void aSemicolonIsRefused(String method, String path) {
        String answer =
                http.raw("%s %s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\nConnection: close\r\n\r\n"
                        .formatted(method, path, Http.TOKEN));

        assertThat(answer).startsWith("HTTP/1.1 400").contains("malformed-path").contains("written %3B");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "PUT | /v1/releases/a%3Bb/files/twhin-user | 400 bad-release-name",
                "PUT | /v1/releases/%2e%2e/files/twhin-user | 400 bad-release-name",
                "PUT | /v1/releases/..%2Fx/files/twhin-user | 400 bad-release-name",
                "PUT | /v1/releases/a%5Cb/files/twhin-user | 400 bad-release-name",
                "PUT | /v1/releases/x/files/..%5C..%5Cx | 404 unknown-space",
                "GET | /v1/embeddings/..%2Ftwhin-user/user:1 | 404 unknown-space",
                "GET | /v1/spaces/twhin-user%20/versions | 404 unknown-space"
            })
    @DisplayName("S29: a name that is none is refused by name, however it is written")
    void aNameThatIsNoneIsRefused(String method, String path, String problem) {
        Http.Answer answer = http.send(
                method,
                path,
                method.equals("GET") ? BodyPublishers.noBody() : BodyPublishers.ofString("x"),
                List.of("Content-Type", "application/octet-stream", "Authorization", "Bearer " + Http.TOKEN));

        assertThat(answer.problem()).startsWith(problem);
    }
}
