package repscorer.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Rules, their traces, dry runs and why-not over a running service. */
class RulesHttpTest {

    private static TestService service;
    private static Http http;

    @BeforeAll
    static void start() throws IOException {
        Path directory = TestService.newDirectory();
        Path config = TestService.copyConfig(directory.resolve("config"));
        Path follow = config.resolve("surfaces/follow.yaml");
        String shipped = Files.readString(follow);
        String rules = shipped.substring(shipped.indexOf("rules:"));
        Files.writeString(follow, shipped.replace(rules, """
                attributes:
                  follower: {inverse-of: [history-follow]}
                rules:
                  - {name: no-nines, rule: remove-where, attribute: follower, values: ["user:1"]}
                  - {name: two-only, rule: cap, attribute: kind, max: 2, mode: dry-run}
                  - {name: editors, rule: pin, id: "user:12", position: 2}
                """));
        service = TestService.start(directory, options -> options.withConfigDirectory(config));
        service.publish("one", 1);
        http = service.http;
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static List<String> ids(JsonNode json) {
        return StreamSupport.stream(json.path("candidates").spliterator(), false)
                .map(candidate -> candidate.path("id").asString())
                .toList();
    }

    @Test
    void rulesRemovePlaceAndLeaveTheirTrace() {
        // User 1 follows users 2 and 3, whom the attribute rule removes for everybody.
        JsonNode json = http.post("/v1/candidates", """
                        {"surface": "follow", "source": {"id": "user:6"}, "k": 40, "explain": true}""").json();

        assertThat(ids(json)).doesNotContain("user:2", "user:3").hasSize(37);
        assertThat(ids(json).get(1)).isEqualTo("user:12");
        JsonNode removed = json.path("rules").get(0);
        assertThat(removed.path("rule").asString()).isEqualTo("no-nines");
        assertThat(removed.path("removedCount").asInt()).isEqualTo(2);
        JsonNode dry = json.path("rules").get(1);
        assertThat(dry.path("mode").asString()).isEqualTo("dry-run");
        assertThat(dry.path("removedCount").asInt()).isEqualTo(35);
        assertThat(json.path("candidates").get(1).path("rules").toString())
                .contains("\"rule\":\"editors\",\"change\":\"placed\",\"applied\":true");
        assertThat(json.path("shortfall").asString()).contains("rules removed 2");
    }

    @Test
    void explanationsHoldStatisticsAndAnchors() {
        JsonNode json = http.post("/v1/candidates", """
                        {"surface": "follow", "source": {"id": "user:5"}, "k": 3, "explain": true}""").json();

        assertThat(json.path("scale").asString()).isEqualTo("z-score");
        JsonNode statistics = json.path("statistics").get(0);
        assertThat(statistics.path("column").asString()).isEqualTo("twhin");
        JsonNode first = json.path("candidates").get(0);
        JsonNode column = first.path("columns").get(0);
        assertThat((column.path("raw").asDouble() - statistics.path("mean").asDouble())
                        / statistics.path("sigma").asDouble())
                .isCloseTo(column.path("normalized").asDouble(), within(1e-9));
        JsonNode anchors = first.path("anchors");
        assertThat(anchors).hasSize(3);
        assertThat(anchors.get(0).path("id").asString())
                .as("user 5's community")
                .isEqualTo("topic:chess");
        assertThat(anchors.get(0).path("similarity").asDouble())
                .isGreaterThan(anchors.get(1).path("similarity").asDouble());
    }

    @Test
    void aDryRunShowsWhatRulesWouldDo() {
        JsonNode json = http.post("/v1/candidates", """
                        {"surface": "follow", "source": {"id": "user:6"}, "k": 40, "dryRun": true}""").json();

        assertThat(ids(json)).contains("user:2", "user:3").hasSize(39);
        assertThat(json.path("rules").get(0).path("mode").asString()).isEqualTo("dry-run");
        assertThat(json.path("rules").get(0).path("removed").toString()).contains("user:2", "user:3");
    }

    @Test
    void whyNotNamesTheStageAndTheValue() {
        JsonNode rank = whyNot("user:30", "user:6", 1);
        assertThat(rank.path("stage").asString()).isEqualTo("rank");
        assertThat(rank.path("setting").asString()).isEqualTo("k");
        assertThat(rank.path("needed").asInt()).isEqualTo(rank.path("rank").asInt());
        assertThat(rank.path("scoreNeeded").asDouble())
                .isGreaterThanOrEqualTo(rank.path("score").asDouble());

        JsonNode rule = whyNot("user:2", "user:6", 5);
        assertThat(rule.path("stage").asString()).isEqualTo("rule");
        assertThat(rule.path("by").asString()).isEqualTo("no-nines");
        assertThat(rule.path("setting").asString()).isEqualTo("rules.no-nines.mode");

        JsonNode followed = whyNot("user:2", "user:1", 5);
        assertThat(followed.path("stage").asString()).isEqualTo("excluded");
        assertThat(followed.path("by").asString()).isEqualTo("history-follow");

        assertThat(whyNot("user:6", "user:6", 5).path("by").asString()).isEqualTo("source");
        assertThat(whyNot("topic:chess", "user:6", 5).path("stage").asString()).isEqualTo("kind");
        assertThat(whyNot("user:999", "user:6", 5).path("stage").asString()).isEqualTo("embedding");
        assertThat(whyNot("user:12", "user:6", 5).path("stage").asString()).isEqualTo("answered");
    }

    @Test
    @DisplayName("S7: what a why-not names is taken back over HTTP and has the id answered")
    void whatAWhyNotNamesWorks() {
        int caps = 0;
        int remedies = 0;
        for (int user = 1; user <= ReleaseFixture.USERS; user += 3) {
            Map<String, Object> question = new HashMap<>(Map.of(
                    "surface",
                    "follow",
                    "source",
                    Map.of("id", "user:6"),
                    "k",
                    2,
                    "overrides",
                    Map.of("rules.two-only.mode", "on", "columns.twhin.retrieve", 4)));
            JsonNode answer = http.post("/v1/why-not", json(with(question, "id", "user:" + user)))
                    .json();
            caps += answer.path("setting").asString("").equals("rules.two-only.max") ? 1 : 0;
            if (!answer.has("remedy")) {
                continue;
            }
            Map<String, Object> overrides =
                    new HashMap<>(Map.of("rules.two-only.mode", "on", "columns.twhin.retrieve", 4));
            for (Map.Entry<String, JsonNode> setting : answer.path("remedy").properties()) {
                if (setting.getKey().equals("k")) {
                    question.put("k", setting.getValue().asInt());
                } else {
                    overrides.put(setting.getKey(), setting.getValue().asString());
                }
            }
            Http.Answer found = http.post("/v1/candidates", json(with(question, "overrides", overrides)));
            assertThat(ids(found.json())).as("%s: %s", answer, found.text()).contains("user:" + user);
            remedies++;
        }
        assertThat(caps).isPositive();
        assertThat(remedies).isGreaterThan(5);
    }

    private static Map<String, Object> with(Map<String, Object> body, String key, Object value) {
        Map<String, Object> more = new HashMap<>(body);
        more.put(key, value);
        return more;
    }

    private static String json(Map<String, Object> body) {
        return JsonMapper.shared().writeValueAsString(body);
    }

    private static JsonNode whyNot(String id, String source, int k) {
        Http.Answer answer = http.post("/v1/why-not", """
                {"id": "%s", "surface": "follow", "source": {"id": "%s"}, "k": %s}""".formatted(id, source, k));
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(answer.header("X-Decision-Id")).isNotBlank();
        return answer.json();
    }

    @Test
    void anOverrideSwitchesARule() {
        JsonNode json = http.post("/v1/candidates", """
                        {"surface": "follow", "source": {"id": "user:6"}, "k": 40,
                         "overrides": {"rules.no-nines.mode": "off"}}""").json();
        assertThat(ids(json)).contains("user:2", "user:3");
        Http.Answer unknown = http.post("/v1/candidates", """
                {"surface": "follow", "source": {"id": "user:6"}, "overrides": {"rules.other.mode": "off"}}""");
        assertThat(unknown.problem()).isEqualTo("400 unknown-override overrides.rules.other.mode");
    }

    @Test
    void aSwitchedOffColumnIsDisabled() {
        JsonNode json = http.post("/v1/candidates", """
                        {"surface": "follow", "source": {"id": "user:6"}, "k": 3, "explain": true,
                         "overrides": {"columns.simclusters.enabled": false}}""").json();
        assertThat(json.path("candidates")
                        .get(0)
                        .path("columns")
                        .get(1)
                        .path("missing")
                        .asString())
                .isEqualTo("disabled");
        assertThat(http.post("/v1/candidates", """
                        {"surface": "follow", "source": {"id": "user:6"},
                         "overrides": {"columns.mutual.enabled": false, "columns.near-popularity.enabled": false,
                         "columns.reciprocity.enabled": false, "columns.simclusters.enabled": false,
                         "columns.twhin.enabled": false}}""").problem())
                .startsWith("400 override-out-of-bounds overrides.columns.");
    }

    @Test
    void surfacesTellTheirRules() {
        JsonNode follow = http.get("/v1/surfaces").json().get(1);
        assertThat(follow.path("rules").get(0).toString())
                .isEqualTo(
                        "{\"name\":\"no-nines\",\"mode\":\"on\",\"rule\":\"remove-where\",\"attribute\":\"follower\","
                                + "\"values\":[\"user:1\"],\"keep\":false}");
    }
}
