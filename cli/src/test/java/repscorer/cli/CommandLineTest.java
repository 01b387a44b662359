package repscorer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import repscorer.core.embedding.EmbeddingFile;
import repscorer.core.entity.EntityId;
import repscorer.testing.CommandRun;

/** What a person at a shell sees: help, one-line errors, exit codes, and files made or not made. */
class CommandLineTest {

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path directory;

    private static CommandRun run(Object... args) {
        return CommandRun.of(given -> Main.run(List.of(), given), args);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "demo",
                "serve",
                "train",
                "evaluate",
                "import",
                "publish",
                "promote",
                "compare",
                "align",
                "releases",
                "query",
                "key",
                "assign",
                "plan"
            })
    void everyCommandHasHelp(String command) {
        CommandRun outcome = run(command, "--help");
        assertThat(outcome.exit()).isZero();
        assertThat(outcome.out()).contains("Usage: repscorer " + command).contains("--help");
        assertThat(run("--help").out()).contains("  " + command);
    }

    @Test
    void versionNamesTheKernels() {
        CommandRun outcome = run("--version");
        assertThat(outcome.exit()).isZero();
        assertThat(outcome.out()).contains("repscorer").contains("vector kernels");
    }

    @Test
    void keysAreMadeRotatedAndRemoved() {
        CommandRun made =
                run("key", "add", "mixer", "--role", "read,write", "--expires-in", "90d", "--data", directory);
        assertThat(made.exit()).isZero();
        assertThat(made.out()).matches("key, shown this once: rsk_[A-Za-z0-9_-]{43}\\R");
        CommandRun rotated = run("key", "rotate", "mixer", "--overlap", "0s", "--data", directory);
        assertThat(rotated.out()).startsWith("key, shown this once: rsk_").isNotEqualTo(made.out());
        assertThat(run("key", "list", "--data", directory).out())
                .matches("mixer  read,write  expired 20\\S+\\Rmixer  read,write  no end\\R");
        assertThat(run("key", "remove", "mixer", "--data", directory).out()).startsWith("removed 2");
        assertThat(run("key", "list", "--data", directory).out()).isEmpty();
        run("key", "remove", "mixer", "--data", directory).assertMistake("no key is called 'mixer'; there are []");
        run("key", "add", "mixer", "--role", "reader", "--data", directory)
                .assertMistake(
                        "no role is called 'reader'; there are [read, read-vectors, read-signals, write, publish, experiment, admin]");
        run("key", "add", "a b", "--role", "read", "--data", directory)
                .assertMistake("a key's name is 1 to 64 letters");
        run("key", "add", "mixer", "--role", "read", "--expires-in", "soon", "--data", directory)
                .assertMistake("--expires-in");
    }

    @Test
    void usersMistakesAreOneLineAndExitCodeTwo() {
        run("demoo").assertMistake("demoo");
        run("demo", "--prot", "1").assertMistake("--prot");
        run("demo", "--data", "/nowhere").assertMistake("--data and --plan go together");
        run("demo", "--data", "/nowhere", "--plan", "/nowhere").assertMistake("no such directory");
        run("train", "--plan", "/nowhere.yaml", "--data", directory, "--out", directory)
                .assertMistake("no such file");
        run("evaluate", "--release", directory, "--data", directory).assertMistake("there is no");
        run("evaluate", "--release", "/nowhere", "--data", directory).assertMistake("no such directory");
        run("publish", directory, "--release", "r").assertMistake("REPSCORER_ADMIN_TOKEN");
        run("promote", "r").assertMistake("promoting needs the admin token");
        run("align", "a", "b").assertMistake("aligning needs the admin token");
        run("rehearse", "strategies", "--plan", "/nowhere.yaml", "--data", directory)
                .assertMistake("no such file");
        run("releases", "pin", "r").assertMistake("pinning needs the admin token");
        run("query", "follow", "user:1", "--url", "ftp://x").assertMistake("ftp");
        run("query", "follow", "user:1", "--where", "{\"colour\": 1}").assertMistake("colour");
        run("query", "follow", "user:1", "--where", "young").assertMistake("--where");
    }

    @Test
    void aPortInUseIsToldBeforeAnythingIsTrained() throws IOException {
        try (java.net.ServerSocket taken = new java.net.ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
            Path home = directory.resolve("home");
            Path config = Path.of(System.getProperty("repscorer.root", "..")).resolve("config");
            run("demo", "--port", taken.getLocalPort(), "--home", home, "--config", config)
                    .assertMistake("port " + taken.getLocalPort());
            assertThat(home).doesNotExist();
        }
    }

    @Test
    void aServiceThatIsNotThereIsToldInOneLine() {
        CommandRun outcome = run("query", "follow", "user:1", "--url", "http://127.0.0.1:1");
        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.err().lines()).hasSize(1);
        assertThat(outcome.err()).contains("127.0.0.1:1");
    }

    @Test
    @DisplayName("Issue 19: which variants units are in, by a configuration that is checked as at a start")
    void unitsAreAssignedWithoutAService() throws IOException {
        Path shipped = Path.of(System.getProperty("repscorer.root", "..")).resolve("config");
        try (Stream<Path> files = Files.walk(shipped)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path copy = directory.resolve(shipped.relativize(file).toString());
                Files.createDirectories(copy.getParent());
                Files.copy(file, copy);
            }
        }
        Path experiment = Files.writeString(directory.resolve("experiments/follow-blend.yaml"), """
            experiment: follow-blend
            surface: follow
            layer: blend
            enabled: true
            ramp:
              - {at: 2026-01-01T00:00:00Z, share: 1}
            variants:
              - {name: control, weight: 1, forced: [qa]}
              - {name: other, weight: 1}
            """);
        CommandRun before = run("assign", "--config", directory, "--at", "2025-12-31T23:59:59Z", "qa", "user:1");
        assertThat(before.exit()).isZero();
        assertThat(before.out().lines())
                .containsExactly("qa: control of follow-blend on follow", "user:1: in no experiment");
        assertThat(run("assign", "--config", directory, "--at", "2026-01-01T00:00:00Z", "user:1")
                        .out())
                .matches("user:1: (control|other) of follow-blend on follow\\R");
        Files.writeString(
                directory.resolve("layers.yaml"),
                "hold-out: {share: 1}\nlayers: [{name: blend, hold-out: {share: 1}}]\n");
        assertThat(run("assign", "--config", directory, "user:1").out().lines())
                .containsExactly("user:1: held out everywhere", "user:1: held out of layer blend");

        run("assign", "--config", directory, "--context", "country", "user:1").assertMistake("--context");
        run("assign", "--config", directory, "--at", "tomorrow", "user:1").assertMistake("--at is a time");
        Files.writeString(experiment, "experiment: follow-blend\nsurface: follow\nlayer: blnd\n");
        run("assign", "--config", directory, "user:1")
                .assertMistake("follow-blend.yaml line 3: layer: layer 'blnd' is not declared");
    }

    @Test
    void aPlanWithAMistakeIsNamedByFileAndLine() throws IOException {
        Path plan = Files.writeString(
                directory.resolve("plan.yaml"),
                "name: x\nrelations: [{name: follow, files: [f.tsv], head: user, tail: user}]\n"
                        + "twhin: {dimension: 8}\nthreds: 2\n");
        CommandRun outcome = run("train", "--plan", plan, "--data", directory, "--out", directory.resolve("out"));
        outcome.assertMistake("plan.yaml line 4");
        assertThat(outcome.err()).contains("threds");
        assertThat(directory.resolve("out")).doesNotExist();
    }

    @Test
    void aReleaseIsTrainedAndJudged() throws IOException {
        StringBuilder facts = new StringBuilder();
        StringBuilder visits = new StringBuilder();
        for (int i = 0; i < 20; i++) {
            if (i != 3) { // which is tested
                facts.append(i).append("\tnext\t").append((i + 1) % 20).append('\n');
            }
            visits.append(i)
                    .append(" p")
                    .append(i % 4)
                    .append(" q")
                    .append(i % 5)
                    .append('\n');
        }
        Files.writeString(directory.resolve("facts.tsv"), facts);
        Files.writeString(directory.resolve("visits.txt"), visits);
        Files.writeString(directory.resolve("test.tsv"), "3\tnext\t4\n");
        Path plan = Files.writeString(directory.resolve("small.yaml"), """
                name: small
                relations:
                  - {name: fact, files: [facts.tsv], test: [test.tsv], columns: [head, relation, tail], head: number, tail: number}
                  - {name: visit, files: [visits.txt], layout: adjacency, separator: space, head: user, tail: place}
                hold-out: {visit: 0.1}
                twhin: {dimension: 8, epochs: 2, batch-size: 8, negatives-uniform: 4, negatives-prevalence: 0}
                evaluation: {k: [5, 20]}
                """);
        Path out = directory.resolve("judged");
        run("train", "--plan", plan, "--data", directory, "--out", out, "--resume")
                .assertMistake("there is no checkpoint");
        run("train", "--plan", plan, "--data", directory, "--out", out, "--pull", "1")
                .assertMistake("--pull goes with --from");
        CommandRun trained = run("train", "--plan", plan, "--data", directory, "--out", out);
        assertThat(trained.exit()).as(trained.err()).isZero();
        Path json = directory.resolve("results.json");
        Path html = directory.resolve("results.html");
        CommandRun judged = run("evaluate", "--release", out, "--data", directory, "--json", json, "--html", html);
        assertThat(judged.exit()).as(judged.err()).isZero();
        assertThat(judged.out()).contains("link-prediction", "recommendation · visit", "twhin", "recall20");
        assertThat(Files.readString(json))
                .contains("\"task\":\"link-prediction\"", "\"mrr\":", "\"hits10\":")
                .contains("\"task\":\"recommendation\",\"relation\":\"visit\",\"method\":\"twhin\"", "\"ndcg20\":");
        assertThat(Files.readString(html)).contains("<svg", "recommendation · visit");
        assertThat(judged.err()).doesNotContain("does not tell");
        Files.writeString(directory.resolve("visits.txt"), visits + "99 p1 q1\n");
        run("evaluate", "--release", out, "--data", directory)
                .assertMistake("the release was trained on other edges than data and plan now leave to training");
        Files.writeString(directory.resolve("visits.txt"), visits);
        CommandRun again =
                run("train", "--plan", plan, "--data", directory, "--out", directory.resolve("again"), "--from", out);
        assertThat(again.exit()).as(again.err()).isZero();
        Path plain = Files.writeString(
                directory.resolve("plain.yaml"),
                Files.readString(plan).replace("{dimension: 8,", "{operator: identity, dimension: 8,"));
        Path without = directory.resolve("without");
        assertThat(run("train", "--plan", plain, "--data", directory, "--out", without)
                        .exit())
                .isZero();
        assertThat(without.resolve("twhin-relation.emb"))
                .as("relations have no values")
                .doesNotExist();
        assertThat(run("evaluate", "--release", without, "--data", directory).exit())
                .isZero();
    }

    @Test
    void jsonLinesBecomeADenseFile() throws IOException {
        Path in = Files.writeString(directory.resolve("rows.jsonl"), """
                {"id":"user:2","vector":[0.5,-1.0,2]}
                {"id":"user:1","vector":[1,2,3]}
                """);
        CommandRun outcome = importing(in, "twhin-user", "--model", "twhin");
        assertThat(outcome.exit()).as(outcome.err()).isZero();
        assertThat(outcome.out()).contains("2 rows");
        EmbeddingFile file = EmbeddingFile.open(directory.resolve("out/twhin-user.emb"));
        file.verify();
        assertThat(file.dimension()).isEqualTo(3);
        int ordinal = file.ids().ordinal(EntityId.parse("user:2")).orElseThrow();
        assertThat(file.denseRows().row(ordinal)).containsExactly(0.5f, -1.0f, 2.0f);
    }

    @Test
    void entriesBecomeASparseFile() throws IOException {
        Path in = Files.writeString(
                directory.resolve("rows.tsv"),
                "user:1\tcluster:9\t0.5\nuser:1\tcluster:2\t0.25\nuser:7\tcluster:9\t1\n");
        CommandRun outcome = importing(in, "simclusters-interest", "--model", "simclusters", "--sparse");
        assertThat(outcome.exit()).as(outcome.err()).isZero();
        EmbeddingFile file = EmbeddingFile.open(directory.resolve("out/simclusters-interest.emb"));
        file.verify();
        assertThat(file.count()).isEqualTo(2);
        int ordinal = file.ids().ordinal(EntityId.parse("user:1")).orElseThrow();
        assertThat(file.sparseRows().row(ordinal).weights()).containsExactly(0.25f, 0.5f);
        assertThat(file.columns().orElseThrow().id(1)).isEqualTo(EntityId.parse("cluster:9"));
    }

    @Test
    void fvecsTakeTheirIdsFromAFile() throws IOException {
        byte[] row = java.nio.ByteBuffer.allocate(12)
                .order(java.nio.ByteOrder.LITTLE_ENDIAN)
                .putInt(2)
                .putFloat(1.5f)
                .putFloat(2.5f)
                .array();
        Path in = Files.write(directory.resolve("rows.fvecs"), row);
        importing(in, "s", "--model", "m").assertMistake("--ids");
        Path ids = Files.writeString(directory.resolve("ids.txt"), "user:4\n");
        CommandRun outcome = importing(in, "s", "--model", "m", "--ids", ids);
        assertThat(outcome.exit()).as(outcome.err()).isZero();
        assertThat(EmbeddingFile.open(directory.resolve("out/s.emb"))
                        .denseRows()
                        .row(0))
                .containsExactly(1.5f, 2.5f);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"id\":\"user:1\",\"vector\":[1,2]}|row 2|expects",
                "{\"id\":\"user:2\",\"vector\":[1,2,3]}|row 2|user:2",
                "{\"id\":\"tweet:1\",\"vector\":[1,2,3]}|row 2|tweet",
                "{\"id\":\":user1\",\"vector\":[1,2,3]}|row 2|kind:value",
                "{\"vector\":[1,2,3]}|row 2|'id' is missing",
                "{\"id\":\"user:1\",\"vector\":[1,2,\"x\"]}|row 2|vector[2]",
                "{\"id\":\"user:1\",\"vector\":[1,2,NaN]}|row 2|no JSON object",
                "{\"id\":\"user:1\",|row 2|no JSON object"
            })
    void aBadRowIsNamedAndNothingIsWritten(String testCase) throws IOException {
        String[] parts = testCase.split("\\|", 3);
        Path in = Files.writeString(
                directory.resolve("rows.jsonl"), "{\"id\":\"user:2\",\"vector\":[1,2,3]}\n" + parts[0] + "\n");
        CommandRun outcome = importing(in, "twhin-user", "--model", "twhin");
        outcome.assertMistake(parts[1]);
        assertThat(outcome.err()).contains(parts[2]);
        assertThat(directory.resolve("out/twhin-user.emb")).doesNotExist();

        CommandRun lenient = importing(in, "twhin-user", "--model", "twhin", "--bad-rows-max", "1");
        assertThat(lenient.exit()).as(lenient.err()).isZero();
        assertThat(lenient.out()).contains("left out " + parts[1]).contains("1 bad rows left out");
    }

    @Test
    @DisplayName("S1: rows of another tool name the training that they are told")
    void importedRowsNameTheirTraining() throws IOException {
        Path in = Files.writeString(directory.resolve("rows.jsonl"), "{\"id\":\"user:2\",\"vector\":[1,2,3]}\n");
        assertThat(importing(in, "twhin-user", "--model", "twhin").exit()).isZero();
        assertThat(EmbeddingFile.open(directory.resolve("out/twhin-user.emb")).training())
                .isEmpty();
        assertThat(importing(in, "twhin-user", "--model", "twhin", "--training", "2026-11.a")
                        .exit())
                .isZero();
        assertThat(EmbeddingFile.open(directory.resolve("out/twhin-user.emb")).training())
                .contains("2026-11.a");
        for (String bad : List.of("", "a b", "x".repeat(65), "ü")) {
            importing(in, "twhin-user", "--model", "twhin", "--training", bad).assertMistake("a training's name is");
        }
    }

    @Test
    @DisplayName("V8: --id and --vector name columns, --kind makes plain ids typed, and a guess is said")
    void columnsAreNamedOrGuessed() throws IOException {
        Path in = Files.writeString(directory.resolve("rows.csv"), "sku,b,a,name\nx-1,1,2,foo\n");
        CommandRun named = importing(in, "s", "--model", "m", "--id", "name", "--vector", "a", "b");
        assertThat(named.out()).startsWith("columns: id from 'name', vector from 2 columns, 'a' to 'b'\n1 rows in");
        EmbeddingFile file = EmbeddingFile.open(directory.resolve("out/s.emb"));
        assertThat(file.ids().id(0)).isEqualTo(EntityId.parse("user:foo"));
        assertThat(file.denseRows().row(0)).containsExactly(2, 1);
        importing(in, "s", "--model", "m", "--id", "nome").assertMistake("its columns are sku, b, a, name");
        Path guessed = Files.writeString(directory.resolve("rows.csv"), "user_id,f0,f1\n7,1,2\n");
        assertThat(importing(guessed, "s", "--model", "m").out())
                .startsWith("columns: id from 'user_id', vector from 2 columns, 'f0' to 'f1'\n");
        Path plain = Files.writeString(directory.resolve("plain.csv"), "x-1,1,2\n");
        Path config = Path.of(System.getProperty("repscorer.root", "..")).resolve("config");
        Object[] declared = {"import", "--in", plain, "--out", directory.resolve("out"), "--space", "twhin-user"};
        run(with(declared, "--config", config)).assertMistake("kind:value, such as user:12: 'x-1'");
        run(with(declared, "--config", config, "--kind", "user")).assertMistake("dimension differs");
        run(with(declared, "--config", config, "--kind", "tweet")).assertMistake("are of kind user, not tweet");
    }

    private static Object[] with(Object[] args, Object... more) {
        return java.util.stream.Stream.concat(java.util.Arrays.stream(args), java.util.Arrays.stream(more))
                .toArray();
    }

    @Test
    @DisplayName("rows come from the standard input and from pipes, and a directory is named as one")
    void rowsFromPipes() throws Exception {
        java.io.InputStream before = System.in;
        try {
            System.setIn(
                    new java.io.ByteArrayInputStream("user:1,1,2\n".getBytes(java.nio.charset.StandardCharsets.UTF_8)));
            importing(Path.of("-"), "s", "--model", "m").assertMistake("--format is needed");
            CommandRun outcome = importing(Path.of("-"), "s", "--model", "m", "--format", "csv");
            assertThat(outcome.out()).as(outcome.err()).startsWith("1 rows in");
        } finally {
            System.setIn(before);
        }
        importing(directory, "s", "--model", "m").assertMistake("a directory, not a file");
        importing(directory.resolve("none.csv"), "s", "--model", "m").assertMistake("no such file");
        Path pipe = directory.resolve("pipe.csv");
        org.junit.jupiter.api.Assumptions.assumeTrue(
                new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor() == 0, "no mkfifo");
        Thread writer = Thread.ofVirtual().start(() -> {
            try {
                Files.writeString(pipe, "user:1,1,2\nuser:2,3,4\n", java.nio.file.StandardOpenOption.WRITE);
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        CommandRun outcome = importing(pipe, "s", "--model", "m");
        assertThat(outcome.out()).as(outcome.err()).startsWith("2 rows in");
        writer.join();
    }

    private CommandRun importing(Path in, String space, Object... more) {
        java.util.ArrayList<Object> args = new java.util.ArrayList<>(
                List.of("import", "--in", in, "--out", directory.resolve("out"), "--space", space, "--kind", "user"));
        args.addAll(List.of(more));
        return run(args.toArray());
    }
}
