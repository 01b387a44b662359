package repscorer.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.decisions.Decision;
import repscorer.decisions.Decisions;
import repscorer.decisions.JoinReport;
import repscorer.decisions.JoinedDecision;
import repscorer.decisions.JoinedDecisions;
import repscorer.decisions.Outcome;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

@DisplayName("Issue 19: decisions are kept, taken again, and joined with their outcomes")
class DecisionsHttpTest {

    private static final Duration WINDOW = Duration.ofDays(7);

    private static final String ASK = """
        {"surface":"follow","source":{"id":"user:7"},"k":5,"unit":"user:7","explain":true,\
        "overrides":{"columns.twhin.weight":0.3},"filters":{"excludeIds":["user:11"]}}\
        """;

    @TempDir
    static Path directory;

    private static TestService service;

    @BeforeAll
    static void start() throws IOException {
        Path config = copyConfig(directory.resolve("config"));
        Files.writeString(config.resolve("experiments").resolve("blend.yaml"), """
                experiment: blend
                surface: follow
                layer: ranking
                enabled: true
                variants:
                  - {name: control, weight: 1}
                  - {name: heavier, weight: 1, overrides: {columns.simclusters.weight: 0.9}, forced: ["user:qa"]}
                """);
        service = TestService.start(
                directory, options -> settings(options.withConfigDirectory(config), directory.resolve("kept")));
        service.publish("one", 1);
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static ServiceOptions settings(ServiceOptions options, Path log) {
        return options.withSetting("decisions.log", log.toAbsolutePath().toString())
                .withSetting("config-watch", "0s")
                .withSetting("traffic.warm-up-max", "100ms")
                .withSetting("traffic.degrade", "false");
    }

    private static Path copyConfig(Path to) throws IOException {
        try (Stream<Path> files = Files.walk(TestService.configDirectory())) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path name = TestService.configDirectory().relativize(file);
                if (!name.startsWith("training") && !name.startsWith("demo") && !name.startsWith("experiments")) {
                    Files.createDirectories(to.resolve(name).getParent());
                    Files.copy(file, to.resolve(name));
                }
            }
        }
        Files.createDirectories(to.resolve("experiments"));
        return to;
    }

    private static Http.Answer ask(String body) {
        Http.Answer answer = service.http.post("/v1/candidates", body);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer;
    }

    private static Http.Answer replay(TestService of, String id) {
        return of.http.getAsAdmin("/v1/decisions/%s/replay".formatted(id));
    }

    private static Http.Answer replay(String id) {
        return replay(service, id);
    }

    /** The bytes of an answer but for its times. */
    private static String timeless(String answer) {
        return answer.replaceAll("\"micros\":\\{[^}]*}", "\"micros\":{}");
    }

    /** What stands under answer in a replay, as bytes. */
    private static String answer(String replay) {
        return replay.substring(replay.indexOf("\"answer\":") + 9, replay.length() - 1);
    }

    private static Optional<Decision> kept(Path log, String id) throws IOException {
        return Decisions.find(log, id).map(each -> each.decision());
    }

    private static Decision kept(String id) throws IOException {
        replay(id); // writes what waits
        return kept(directory.resolve("kept"), id).orElseThrow();
    }

    @Test
    @DisplayName("an answer's record tells what the answer told, columns without explanations too")
    void aRecordTellsWhatTheAnswerTold() throws IOException {
        Http.Answer explained = ask(ASK);
        JsonNode plain = ask(ASK.replace(",\"explain\":true", "")).json();
        assertThat(plain.path("candidates").path(0).has("columns")).isFalse();

        Decision decision = kept(plain.at("/provenance/decisionId").asString());

        JsonNode told = explained.json();
        assertThat(decision.surface()).isEqualTo("follow");
        assertThat(decision.unit()).contains("user:7");
        assertThat(decision.release()).isEqualTo("one");
        Map<String, String> versions = new LinkedHashMap<>();
        plain.at("/provenance/versions").forEachEntry((space, version) -> versions.put(space, version.asString()));
        assertThat(decision.versions()).isEqualTo(versions);
        assertThat(decision.arms()).hasSize(1);
        Decision.Arm arm = decision.arms().getFirst();
        assertThat(arm.layer()).isEqualTo("ranking");
        assertThat(arm.variant())
                .isEqualTo(plain.at("/provenance/experiments/0/variant").asString());
        assertThat(arm.bucket()).isEqualTo(repscorer.core.experiment.Assigner.bucket("ranking", "user:7"));
        assertThat(Duration.between(decision.time(), Instant.now())).isBetween(Duration.ZERO, Duration.ofMinutes(1));
        assertThat(decision.candidates()).hasSize(5);
        for (int i = 0; i < 5; i++) {
            Decision.Shown shown = decision.candidates().get(i);
            JsonNode candidate = told.path("candidates").path(i);
            assertThat(shown.candidate()).isEqualTo(candidate.path("id").asString());
            assertThat(shown.score()).isEqualTo(candidate.path("score").asDouble());
            assertThat(shown.propensity()).isEqualTo(1);
            Map<String, Double> columns = new LinkedHashMap<>();
            candidate.path("columns").forEach(column -> {
                if (column.has("raw")) {
                    columns.put(
                            column.path("column").asString(), column.path("raw").asDouble());
                }
            });
            assertThat(shown.columns()).isEqualTo(columns).isNotEmpty();
        }
        Path plan = directory.resolve("kept").resolve("plans").resolve(decision.plan() + ".json");
        assertThat(JsonMapper.shared()
                        .readTree(Files.readAllBytes(plan))
                        .at("/plan/columns/0/weight")
                        .asDouble())
                .isEqualTo(.3);
    }

    @Test
    void forcedUnitsHaveNoBucketAndOthersNoArm() throws IOException {
        Decision forced = kept(ask("{\"surface\":\"follow\",\"source\":{\"id\":\"user:7\"},\"unit\":\"user:qa\"}")
                .header("X-Decision-Id"));
        assertThat(forced.arms()).containsExactly(new Decision.Arm("blend", "heavier", "ranking", -1));
        Decision nobody = kept(
                ask("{\"surface\":\"follow\",\"source\":{\"id\":\"user:7\"}}").header("X-Decision-Id"));
        assertThat(nobody.arms()).isEmpty();
        assertThat(nobody.unit()).isEmpty();
    }

    @Test
    void dryRunsAndWhyNotAreNoDecisions() throws IOException {
        String dry = ask(ASK.replace("\"k\":5", "\"k\":5,\"dryRun\":true")).header("X-Decision-Id");
        String why = service.http
                .post("/v1/why-not", "{\"id\":\"user:12\",\"surface\":\"follow\",\"source\":{\"id\":\"user:1\"}}")
                .header("X-Decision-Id");
        assertThat(replay(dry).problem()).isEqualTo("404 decision-not-kept -");
        assertThat(replay(why).problem()).isEqualTo("404 decision-not-kept -");
    }

    @Test
    @DisplayName("a replay has the bytes of the answer but for its times, whatever the configuration says by then")
    void aReplayHasTheBytesOfTheAnswer() throws IOException {
        List<Http.Answer> answers = new ArrayList<>();
        for (String body : List.of(
                ASK,
                ASK.replace("\"unit\":\"user:7\"", "\"unit\":\"user:qa\""),
                "{\"surface\":\"follow\",\"source\":{\"ids\":[{\"id\":\"user:1\"},{\"id\":\"user:41\",\"weight\":2}]}}",
                "{\"surface\":\"follow\",\"source\":{\"clusters\":[{\"cluster\":1,\"weight\":0.3}]},\"k\":1000,\"explain\":true}",
                "{\"surface\":\"search\",\"source\":{\"id\":\"topic:jazz\"},\"explain\":true}",
                "{\"surface\":\"follow\",\"source\":{\"id\":\"user:3\"},\"filters\":{\"where\":{\"not\":{\"ids\":[\"user:2\"]}}}}")) {
            answers.add(ask(body));
        }
        Path surface = directory.resolve("config").resolve("surfaces").resolve("follow.yaml");
        Path experiment = directory.resolve("config").resolve("experiments").resolve("blend.yaml");
        String surfaceBefore = Files.readString(surface);
        String experimentBefore = Files.readString(experiment);
        String changed = surfaceBefore.replaceFirst("weight: [0-9.]+", "weight: 0.01");
        assertThat(changed).isNotEqualTo(surfaceBefore);
        Files.writeString(surface, changed);
        Files.delete(experiment);
        assertThat(service.http.change("/v1/config/reload").status()).isEqualTo(200);
        try {
            for (Http.Answer answer : answers) {
                Http.Answer replay = replay(answer.header("X-Decision-Id"));
                assertThat(replay.status()).as(replay.text()).isEqualTo(200);
                assertThat(timeless(answer(replay.text()))).isEqualTo(timeless(answer.text()));
                assertThat(replay.json().path("same").asBoolean()).isTrue();
            }
            Http.Answer now = ask(ASK.replace("\"overrides\":{\"columns.twhin.weight\":0.3},", ""));
            assertThat(replay(now.header("X-Decision-Id")).json().path("same").asBoolean())
                    .isTrue();
        } finally {
            Files.writeString(surface, surfaceBefore);
            Files.writeString(experiment, experimentBefore);
            assertThat(service.http.change("/v1/config/reload").status()).isEqualTo(200);
        }
    }

    @Test
    @DisplayName("a replay tells why it may differ, and what is gone that it needs")
    void aReplayTellsWhatHasChanged() throws IOException {
        Path of = TestService.newDirectory();
        try (TestService own = TestService.start(
                of, options -> settings(options, of.resolve("kept")).withSetting("store.releases-kept", "1"))) {
            own.publish("a", 1);
            String id = own.http.post("/v1/candidates", ASK).header("X-Decision-Id");
            Http.Answer same = replay(own, id);
            assertThat(same.json().path("same").asBoolean()).isTrue();
            assertThat(codes(same))
                    .containsExactly("signals-read"); // the surface has a rule that reads blocks and mutes

            JsonNode first = same.json().at("/answer/candidates/0/id");
            own.http.send(
                    "POST",
                    "/v1/spaces/simclusters-producer/upserts",
                    BodyPublishers.ofString("{\"id\":\"%s\",\"delete\":true}".formatted(first.asString())),
                    List.of("Content-Type", "application/x-ndjson", "Authorization", "Bearer " + Http.TOKEN));
            Http.Answer other = replay(own, id);
            assertThat(other.json().path("same").asBoolean()).isFalse();
            assertThat(codes(other)).containsExactly("rows-changed", "signals-read");
            assertThat(other.json().at("/mayDiffer/0/message").asString())
                    .contains("simclusters-producer")
                    .contains("+1 now");

            String later = own.http.post("/v1/candidates", ASK).header("X-Decision-Id");
            assertThat(codes(replay(own, later))).containsExactly("rows-streamed", "signals-read");
            String optimal = own.http
                    .post("/v1/candidates", ASK.replace("\"overrides\":{", "\"overrides\":{\"optimal\":true,"))
                    .header("X-Decision-Id");
            assertThat(codes(replay(own, optimal))).containsExactly("rows-streamed", "signals-read", "time-limited");

            String plan = kept(of.resolve("kept"), id).orElseThrow().plan();
            Path file = of.resolve("kept").resolve("plans").resolve(plan + ".json");
            byte[] text = Files.readAllBytes(file);
            Files.write(file, java.util.Arrays.copyOf(text, text.length - 5));
            assertThat(replay(own, id).problem()).isEqualTo("409 plan-not-kept -");
            Files.write(file, text);
            assertThat(replay(own, id).status()).isEqualTo(200);

            own.publish("b", 2);
            own.publish("c", 3);
            assertThat(replay(own, id).problem()).isEqualTo("409 release-not-kept -");
            assertThat(replay(own, "x").problem()).isEqualTo("400 malformed-decision decision");
            assertThat(replay(own, uuid(Instant.now())).problem()).isEqualTo("404 decision-not-kept -");
        }
    }

    private static List<String> codes(Http.Answer replay) {
        return replay.json().path("mayDiffer").findValuesAsString("code");
    }

    private static String uuid(Instant time) {
        return new UUID(time.toEpochMilli() << 16 | 0x7123, 1L << 63 | 77).toString();
    }

    @Test
    @DisplayName("outcomes are answered by line, kept once, and joined with their decisions")
    void outcomesAreAnsweredByLineAndJoined() throws IOException {
        Http.Answer answer = ask("{\"surface\":\"follow\",\"source\":{\"id\":\"user:5\"},\"k\":3,\"unit\":\"user:5\"}");
        String id = answer.header("X-Decision-Id");
        String seen = answer.json().at("/candidates/0/id").asString();
        String followed = answer.json().at("/candidates/1/id").asString();
        Instant now = Instant.now();
        String of = "{\"decision\":\"%s\",\"candidate\":\"%s\",\"kind\":\"%s\"".formatted(id, "%s", "%s");
        String old = uuid(now.minus(Duration.ofDays(9)));
        List<String> lines = List.of(
                of.formatted(seen, "impression") + "}",
                of.formatted(followed, "follow") + ",\"value\":1,\"time\":\"%s\"}".formatted(now),
                of.formatted(followed, "follow") + ",\"value\":3,\"time\":\"%s\"}".formatted(now),
                of.formatted(followed, "follow") + ",\"value\":9,\"time\":\"%s\"}".formatted(now.minusSeconds(60)),
                of.formatted("user:9999", "follow") + "}",
                "{\"decision\":\"%s\",\"candidate\":\"user:1\",\"kind\":\"follow\"}".formatted(old),
                "{\"decision\":\"%s\",\"candidate\":\"user:1\",\"kind\":\"follow\",\"time\":\"%s\"}"
                        .formatted(old, now.minus(Duration.ofDays(8))),
                "nonsense",
                of.formatted("nobody", "follow") + "}",
                of.formatted(seen, "two words") + "}",
                of.formatted(seen, "follow") + ",\"value\":1e999}",
                of.formatted(seen, "follow") + ",\"value\":\"1\"}",
                of.formatted(seen, "follow") + ",\"time\":\"yesterday\"}",
                of.formatted(seen, "follow") + ",\"time\":\"%s\"}".formatted(now.plusSeconds(3_600)),
                of.formatted(seen, "follow") + ",\"time\":\"%s\"}".formatted(now.minusSeconds(3_600)),
                of.formatted(seen, "follow") + ",\"kind\":\"like\"}",
                of.formatted(seen, "follow") + ",\"more\":1}",
                "{\"decision\":\"%s\",\"kind\":\"follow\"}".formatted(id),
                "{\"decision\":\"12\",\"candidate\":\"user:1\",\"kind\":\"follow\"}");

        List<String> answers = post(service, lines);

        assertThat(answers.stream().limit(lines.size()).map(each -> {
                    JsonNode line = JsonMapper.shared().readTree(each);
                    return line.path("status").asString() + " "
                            + line.path("code").asString("-");
                }))
                .containsExactly(
                        "ACCEPTED -",
                        "ACCEPTED -",
                        "ACCEPTED -",
                        "ACCEPTED -",
                        "ACCEPTED -",
                        "LATE -",
                        "ACCEPTED -",
                        "REFUSED malformed-json",
                        "REFUSED malformed-id",
                        "REFUSED malformed-kind",
                        "REFUSED not-finite",
                        "REFUSED wrong-type",
                        "REFUSED malformed-time",
                        "REFUSED time-in-future",
                        "REFUSED time-before-decision",
                        "REFUSED duplicate-key",
                        "REFUSED unknown-key",
                        "REFUSED field-missing",
                        "REFUSED malformed-decision");
        assertThat(answers.getLast()).isEqualTo("{\"lines\":19,\"accepted\":6,\"late\":1,\"refused\":12}");
        kept(id);
        try (JoinedDecisions joined = Decisions.read(directory.resolve("kept"), Decisions.Window.of(WINDOW))) {
            List<JoinedDecision> own = new ArrayList<>();
            joined.forEachRemaining(each -> {
                if (each.decision().id().equals(id)) {
                    own.add(each);
                }
            });
            assertThat(own).hasSize(1);
            assertThat(own.getFirst().outcomes())
                    .extracting(Outcome::candidate, Outcome::kind, Outcome::value)
                    .containsExactlyInAnyOrder(
                            org.assertj.core.groups.Tuple.tuple(seen, "impression", 1.0),
                            org.assertj.core.groups.Tuple.tuple(followed, "follow", 3.0));
            assertThat(joined.report())
                    .extracting(JoinReport::late, JoinReport::repeated, JoinReport::unseen, JoinReport::undecided)
                    .containsExactly(1L, 2L, 1L, 1L);
        }
        String metrics = metrics(service);
        assertThat(metrics)
                .containsPattern("repscorer_outcomes_total\\{[^}]*outcome=\"late\"} 1\\.0")
                .containsPattern("repscorer_decisions_dropped_total\\{[^}]*reason=\"queue-full\"} 0\\.0")
                .containsPattern("repscorer_decisions_kept_total\\{[^}]*} [1-9]");
    }

    private static String metrics(TestService of) {
        return new Http(of.running.managementUri()).get("/actuator/prometheus").text();
    }

    private static List<String> post(TestService to, List<String> lines) {
        Http.Answer answer = to.http.send(
                "POST",
                "/v1/outcomes",
                BodyPublishers.ofString(String.join("\n", lines)),
                List.of("Content-Type", "application/x-ndjson", "Authorization", "Bearer " + Http.TOKEN));
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.text().lines().toList();
    }

    @Test
    @DisplayName("ids are hashed alike in decisions and outcomes, requests and columns left out, a share of units kept")
    void whatIsLeftOutIsNotThere() throws IOException {
        Path of = TestService.newDirectory();
        Path log = of.resolve("data").resolve("kept");
        int units = 60;
        List<String> ids = new ArrayList<>();
        try (TestService own = TestService.start(
                of,
                options -> settings(options, Path.of("/"))
                        .withSetting("decisions.log", "kept")
                        .withSetting("decisions.ids", "hashed")
                        .withSetting("decisions.share", "0.5")
                        .withSetting("decisions.leave-out", "[columns]"))) {
            own.publish("one", 1);
            for (int i = 0; i < units; i++) {
                for (int twice = 0; twice < 2; twice++) {
                    ObjectNode body = (ObjectNode) JsonMapper.shared().readTree(ASK);
                    Http.Answer answer = own.http.post(
                            "/v1/candidates", body.put("unit", "user:" + i).toString());
                    ids.add(answer.header("X-Decision-Id"));
                    post(
                            own,
                            List.of("{\"decision\":\"%s\",\"candidate\":\"%s\",\"kind\":\"follow\"}"
                                    .formatted(
                                            ids.getLast(),
                                            answer.json().at("/candidates/0/id").asString())));
                }
            }
            String kept = ids.stream()
                    .filter(id -> replay(own, id).status() != 404)
                    .findFirst()
                    .orElseThrow();
            assertThat(replay(own, kept).problem()).isEqualTo("409 request-not-kept -");
        }
        Map<String, Integer> byUnit = new LinkedHashMap<>();
        try (JoinedDecisions joined = Decisions.read(log, Decisions.Window.of(WINDOW))) {
            while (joined.hasNext()) {
                JoinedDecision each = joined.next();
                assertThat(each.decision().request()).isEmpty();
                assertThat(each.decision().candidates()).allSatisfy(shown -> {
                    assertThat(shown.columns()).isEmpty();
                    assertThat(shown.candidate()).matches("[0-9a-f]{32}");
                });
                assertThat(each.outcomes())
                        .extracting(Outcome::candidate)
                        .containsExactly(each.decision().candidates().getFirst().candidate());
                byUnit.merge(each.decision().unit().orElseThrow(), 1, Integer::sum);
            }
        }
        assertThat(byUnit.keySet()).allMatch(unit -> unit.matches("[0-9a-f]{32}"));
        assertThat(byUnit.values()).containsOnly(2);
        assertThat(byUnit).hasSizeBetween(12, 48);
    }

    @Test
    void withoutALogThereIsNothing() {
        Http http = TestService.shared().http;
        assertThat(http.getAsAdmin("/v1/decisions/%s/replay".formatted(uuid(Instant.now())))
                        .problem())
                .isEqualTo("409 decisions-off -");
        assertThat(http.send(
                                "POST",
                                "/v1/outcomes",
                                BodyPublishers.ofString("{}"),
                                List.of(
                                        "Content-Type",
                                        "application/x-ndjson",
                                        "Authorization",
                                        "Bearer " + Http.TOKEN))
                        .problem())
                .isEqualTo("409 decisions-off -");
        assertThat(metrics(TestService.shared())).doesNotContain("repscorer_decisions_kept");
    }
}
