package repscorer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.testing.CommandRun;

@DisplayName("Issue 19: experiments and switches at a shell")
class ExperimentChangesTest {

    private static final String DOCUMENT = """
        experiment: weights
        surface: follow
        layer: other
        enabled: true
        variants:
          - {name: control, weight: 1}
          - {name: heavier, weight: 1, overrides: {columns.simclusters.weight: 2}}
        """;

    @TempDir
    static Path directory;

    private static ShellService service;

    @BeforeAll
    static void start() {
        service = ShellService.start(
                Path.of(System.getProperty("repscorer.root", "..")).resolve("config"), directory.resolve("data"));
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static CommandRun run(Object... args) {
        return service.run(args);
    }

    private static String done(Object... args) {
        return service.done(args);
    }

    @Test
    void anExperimentIsPutPrintedStoppedAndTakenAway() throws IOException {
        Path file = Files.writeString(directory.resolve("weights.yaml"), DOCUMENT);
        assertThat(done("experiment", "put", "weights", file, "--reason", "try it"))
                .contains("weights is in force, version ");
        Files.writeString(file, DOCUMENT.replace("weight: 1}", "weight: 2}"));
        assertThat(done("experiment", "put", "weights", file, "--reason", "again"))
                .contains("weights is in force");
        CommandRun stale = run("experiment", "put", "weights", file, "--version", "0", "--reason", "late");
        assertThat(stale.exit()).isEqualTo(2);
        assertThat(stale.err()).contains("another version of experiment weights is in force");
        assertThat(done("experiment", "get", "weights")).contains("weight: 2}");
        assertThat(done("experiment", "stop", "weights", "heavier", "--reason", "odd"))
                .contains("heavier of weights is stopped");
        assertThat(run("experiment", "get", "weights").err())
                .contains("heavier is stopped by admin token at ")
                .contains(": odd");
        assertThat(done("experiment", "resume", "weights", "heavier", "--reason", "fine"))
                .contains("heavier of weights goes on");
        Files.writeString(file, DOCUMENT.replace("follow", "nowhere"));
        CommandRun refused = run("experiment", "put", "weights", file, "--reason", "wrong");
        assertThat(refused.exit()).isEqualTo(2);
        assertThat(refused.err())
                .contains("api/experiments/weights line 2: surface: surface 'nowhere' is not declared");
        assertThat(done("experiment", "delete", "weights", "--reason", "done")).contains("taken away");
        assertThat(done("experiment", "history", "weights", "--documents"))
                .containsSubsequence(
                        "admin token  delete: done",
                        "admin token  put, refused: wrong",
                        "surface 'nowhere' is not declared",
                        "admin token  resume heavier: fine",
                        "admin token  stop heavier: odd",
                        "admin token  put: again",
                        "admin token  put: try it",
                        "    experiment: weights");
        assertThat(run("experiment", "get", "weights").exit()).isEqualTo(2);
    }

    @Test
    void aPartIsSwitched() {
        assertThat(done("switch", "set", "space", "twhin-user", 5000, "--reason", "stale"))
                .contains("is served to 5000 of 10000");
        assertThat(done("switch"))
                .contains("space twhin-user: 5000 of 10000, by admin token at ")
                .contains(": stale");
        assertThat(run("switch", "set", "space", "twhin-user", 10_001, "--reason", "x")
                        .exit())
                .isEqualTo(2);
        assertThat(run("switch", "set", "planet", "mars", 0, "--reason", "x").err())
                .contains("no switches of kind 'planet'");
        assertThat(done("switch", "clear", "space", "twhin-user", "--reason", "mended"))
                .contains("taken away");
        assertThat(done("switch", "history")).containsSubsequence("as files say: mended", "5000 of 10000: stale");
        CommandRun bare = CommandRun.of(
                given -> Main.run(List.of(), given),
                "switch",
                "clear",
                "space",
                "x",
                "--reason",
                "x",
                "--url",
                service.uri());
        assertThat(bare.exit()).isEqualTo(2);
        assertThat(bare.err()).contains("a change needs the admin token or a key");
    }
}
