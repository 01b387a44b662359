package repscorer.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Signals pushed, read, used by rules and made into features, over a running service of the shipped configuration. */
class SignalsHttpTest {

    private static TestService service;
    private static Http http;

    @BeforeAll
    static void start() {
        service = TestService.start(TestService.newDirectory(), options -> options);
        service.publish("one", 1);
        http = service.http;
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static Http.Answer push(String body) {
        return http.send(
                "POST",
                "/v1/signals",
                java.net.http.HttpRequest.BodyPublishers.ofString(body),
                List.of("Content-Type", "application/json", "Authorization", "Bearer " + Http.TOKEN));
    }

    @Test
    void signalsArePushedAndReadAgain() {
        String day = Instant.now().minus(Duration.ofHours(20)).toString();
        Http.Answer pushed = push("""
                {"signals": [{"user": "user:7", "type": "fav", "entity": "tweet:1", "at": "%s"},
                             {"user": "user:7", "type": "follow", "entity": "user:9"}]}""".formatted(day));
        assertThat(pushed.text()).isEqualTo("{\"taken\":2}");

        JsonNode all = http.getAsAdmin("/v1/signals/user:7").json();
        assertThat(all.path("signals")).hasSize(2);
        assertThat(all.at("/signals/0/type").asString()).isEqualTo("follow");
        JsonNode favs = http.getAsAdmin("/v1/signals/user:7?types=fav,block").json();
        assertThat(favs.path("signals")).hasSize(1);
        assertThat(favs.at("/signals/0/entity").asString()).isEqualTo("tweet:1");
        assertThat(http.getAsAdmin("/v1/signals/user:7?types=poke").problem()).isEqualTo("404 unknown-signal -");
        assertThat(http.getAsAdmin("/v1/signals/user:404").json().path("signals"))
                .isEmpty();
    }

    @Test
    void whomAUserBlocksIsNotAnsweredAndWhyNotSaysSo() {
        assertThat(push("{\"signals\": [{\"user\": \"user:10\", \"type\": \"block\", \"entity\": \"user:14\"}]}")
                        .status())
                .isEqualTo(200);
        String ask = """
                {"surface": "follow", "source": {"id": "user:10"}, "k": 40%s}""";
        JsonNode json = http.post("/v1/candidates", ask.formatted("")).json();
        assertThat(json.path("candidates").toString()).doesNotContain("\"user:14\"");
        assertThat(json.at("/rules/0/named").asInt()).isEqualTo(1);
        JsonNode dry =
                http.post("/v1/candidates", ask.formatted(", \"dryRun\": true")).json();
        assertThat(dry.path("candidates").toString()).contains("\"user:14\"");
        assertThat(dry.at("/rules/0/removed").toString()).isEqualTo("[\"user:14\"]");
        JsonNode whyNot = http.post("/v1/why-not", """
                        {"id": "user:14", "surface": "follow", "source": {"id": "user:10"}}""").json();
        assertThat(whyNot.path("by").asString()).isEqualTo("not-blocked");

        push(
                "{\"signals\": [{\"user\": \"user:10\", \"type\": \"block\", \"entity\": \"user:14\", \"undone\": true}]}");
        assertThat(http.post("/v1/candidates", ask.formatted("")).text()).contains("\"user:14\"");
    }

    @Test
    void theFiftyEightFeaturesAreThere() {
        // The fixture has no tweets: every candidate says so, and the names are all told.
        Http.Answer answer = http.post("/v1/features/engagement", """
                {"user": "user:7", "candidates": ["tweet:1", "user:1", "tweet:1"]}""");
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(answer.json().path("names")).hasSize(58);
        assertThat(answer.json().path("names").toString()).contains("\"fav-1d-max\"", "\"see-fewer-30d-mean\"");
        assertThat(answer.json().path("candidates")).hasSize(3);
        assertThat(answer.json().at("/provenance/notices")).isNotEmpty();
    }

    @Test
    void signalsOutliveARestart() {
        TestService first = TestService.start(TestService.newDirectory(), options -> options);
        first.http.send(
                "POST",
                "/v1/signals",
                java.net.http.HttpRequest.BodyPublishers.ofString(
                        "{\"signals\": [{\"user\": \"user:1\", \"type\": \"fav\", \"entity\": \"tweet:5\"}]}"),
                List.of("Content-Type", "application/json", "Authorization", "Bearer " + Http.TOKEN));
        first.close();
        try (TestService second = TestService.start(first.directory, options -> options)) {
            assertThat(second.http.getAsAdmin("/v1/signals/user:1").text()).contains("tweet:5");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{} | 400 field-missing signals",
                "{`signals`: [{`type`: `fav`, `entity`: `tweet:1`}]} | 400 field-missing signals[0].user",
                "{`signals`: [{`user`: `user:1`, `type`: `poke`, `entity`: `tweet:1`}]} | 400 malformed-signal signals[0]",
                "{`signals`: [{`user`: `user:1`, `type`: `fav`, `entity`: `user:1`}]} | 400 malformed-signal signals[0]",
                "{`signals`: [{`user`: `user:1`, `type`: `fav`, `entity`: `tweet:1`, `at`: `noon`}]} | 400 malformed-time signals[0].at"
            })
    void aBadPushIsNamed(String body, String problem) {
        assertThat(push(body.replace('`', '"')).problem()).isEqualTo(problem);
    }

    @Test
    @DisplayName("S16 what a user did is told to the administrator only")
    void signalsAreNotReadWithoutTheToken() {
        for (String path : List.of(
                "/v1/signals/user:7",
                "/v1/signals/user:404",
                "/v1/signals/user:7?types=block",
                "/v1/signals/user:7?types=poke",
                "/v1/signals/nonsense")) {
            Http.Answer missing = http.get(path);
            assertThat(missing.problem()).as(path).isEqualTo("401 token-missing -");
            assertThat(missing.header("WWW-Authenticate")).isEqualTo("Bearer realm=\"repscorer\"");
            assertThat(http.send(
                                    "GET",
                                    path,
                                    java.net.http.HttpRequest.BodyPublishers.noBody(),
                                    List.of("Authorization", "Bearer guessed"))
                            .problem())
                    .as(path)
                    .isEqualTo("403 token-wrong -");
        }
        assertThat(http.getAsAdmin("/v1/signals/user:7").status()).isEqualTo(200);
        assertThat(http.send("HEAD", "/v1/signals/user:7", java.net.http.HttpRequest.BodyPublishers.noBody(), List.of())
                        .status())
                .as("a HEAD tells whether there is something, too")
                .isEqualTo(401);
    }

    @Test
    void aPushNeedsTheToken() {
        assertThat(http.post("/v1/signals", "{\"signals\": []}").status()).isEqualTo(401);
    }
}
