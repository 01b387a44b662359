package repscorer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.core.embedding.EmbeddingFileWriter;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.decisions.Decisions;
import repscorer.decisions.JoinReport;
import repscorer.decisions.JoinedDecision;
import repscorer.decisions.JoinedDecisions;
import repscorer.decisions.Outcome;
import repscorer.testing.CommandRun;
import tools.jackson.databind.json.JsonMapper;

/** Decisions at a shell, against a service of one space and one surface. */
class DecisionCommandsTest {

    @TempDir
    static Path directory;

    private static ShellService service;
    private static String answer;
    private static String decision;

    @BeforeAll
    static void start() throws Exception {
        service = ShellService.ofUsers(directory, "decisions: {log: kept}\ntraffic: {degrade: false}\n");
        done("publish", files(), "--release", "one");
        try (HttpClient http = HttpClient.newHttpClient()) {
            answer = http.send(
                            HttpRequest.newBuilder(URI.create(service.uri() + "/v1/candidates"))
                                    .header("Content-Type", "application/json")
                                    .POST(
                                            BodyPublishers.ofString(
                                                    "{\"surface\":\"near\",\"source\":{\"id\":\"user:1\"},\"k\":3,\"explain\":true}"))
                                    .build(),
                            BodyHandlers.ofString())
                    .body();
        }
        decision = JsonMapper.shared()
                .readTree(answer)
                .at("/provenance/decisionId")
                .asString();
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static Path files() throws IOException {
        Random random = new Random(1);
        EmbeddingFileWriter users = EmbeddingFileWriter.dense("user", "m", EntityKind.USER, 4);
        for (int i = 1; i <= 60; i++) {
            users.add(
                    EntityId.of(EntityKind.USER, i),
                    new float[] {(float) random.nextGaussian(), (float) random.nextGaussian(), 1, 1});
        }
        Path to = Files.createDirectories(directory.resolve("files"));
        users.writeTo(to);
        return to;
    }

    private static CommandRun run(Object... args) {
        return service.run(args);
    }

    private static String done(Object... args) {
        return service.done(args);
    }

    private static String timeless(String json) {
        return json.replaceAll("\"micros\":\\{[^}]*}", "\"micros\":{}");
    }

    @Test
    @DisplayName("Issue 19: replay prints the bytes of the answer, or what is the same and what may differ")
    void aDecisionIsReplayed() {
        assertThat(timeless(done("replay", decision, "--json"))).isEqualTo(timeless(answer));
        assertThat(done("replay", decision))
                .contains("the same candidates and scores")
                .contains("decision " + decision);
        run("replay", "nothing").assertMistake("a decision's id is a UUID of version 7");
    }

    @Test
    @DisplayName("Issue 19: outcomes come in from CSV, TSV and JSON Lines, into a service or a directory")
    void outcomesComeIn() throws IOException {
        String seen =
                JsonMapper.shared().readTree(answer).at("/candidates/0/id").asString();
        long now = Instant.now().toEpochMilli();
        Path csv = Files.writeString(directory.resolve("log.csv"), """
                at,item,rank,answer,worth
                %s,%s,1,%s,2.5
                """.formatted(now, seen, decision));
        String[] columns = {
            "--decision", "answer", "--candidate", "item", "--value", "worth", "--time", "at", "--all-of-kind", "follow"
        };
        assertThat(done(with(columns, "outcomes", "import", csv)))
                .endsWith("1 outcomes taken, 0 of them late, 0 bad rows left out");
        Path jsonl = Files.writeString(directory.resolve("log.jsonl"), """
                {"decision":"%s","candidate":"%s","kind":"impression","more":[1]}
                {"decision":"%s","candidate":"nobody","kind":"impression"}
                """.formatted(decision, seen, decision));
        run("outcomes", "import", jsonl).assertMistake("log.jsonl, row 2: candidate: ");
        assertThat(done("outcomes", "import", jsonl, "--bad-rows-max", "1"))
                .contains("left out log.jsonl, row 2: candidate: ")
                .endsWith("1 outcomes taken, 0 of them late, 1 bad rows left out");
        run(with(columns, "outcomes", "import", jsonl)).assertMistake("row 1: 'answer' is missing");
        run("outcomes", "import", csv)
                .assertMistake("log.csv has no column 'decision'; there are [at, item, rank, answer, worth]");
        run("outcomes", "import", directory.resolve("none.csv")).assertMistake("no such file");
        done("replay", decision);
        assertThat(joined(directory.resolve("data/kept"))).containsExactly("follow 2.5", "impression 1.0");

        Path into = directory.resolve("into");
        Path tsv = Files.writeString(
                directory.resolve("log.tsv"),
                "decision\tcandidate\tkind\tvalue\n%s\t%s\tlike\t7\n".formatted(decision, seen));
        assertThat(done("outcomes", "import", tsv, "--into", into))
                .endsWith("1 outcomes taken, 0 of them late, 0 bad rows left out");
        try (JoinedDecisions none = Decisions.read(into, Decisions.Window.of(Duration.ofDays(1)))) {
            assertThat(none.hasNext()).isFalse();
            assertThat(none.report()).isEqualTo(new JoinReport(0, 0, 0, 0, 1, 0, 0, 0));
        }
    }

    private static Object[] with(String[] columns, Object... first) {
        List<Object> all = new ArrayList<>(List.of(first));
        all.addAll(List.of((Object[]) columns));
        return all.toArray();
    }

    private static List<String> joined(Path log) throws IOException {
        List<String> found = new ArrayList<>();
        try (JoinedDecisions joined = Decisions.read(log, Decisions.Window.of(Duration.ofDays(1)))) {
            while (joined.hasNext()) {
                JoinedDecision each = joined.next();
                for (Outcome outcome : each.outcomes()) {
                    found.add(outcome.kind() + " " + outcome.value());
                }
            }
        }
        return found;
    }
}
