package repscorer.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import repscorer.json.UnreadableJsonException;
import repscorer.json.WireJson;
import repscorer.testing.CommandRun;
import repscorer.wire.ExperimentReportResponse;

@DisplayName("Issue 19: a log is analysed on the command line")
class ExperimentCommandsTest {

    @TempDir
    static Path directory;

    private static Path log;

    private static CommandRun run(Object... args) {
        return CommandRun.of(given -> Main.run(List.of(), given), args);
    }

    @BeforeAll
    static void simulate() {
        log = directory.resolve("log");
        CommandRun made = run("experiment", "simulate", "--out", log, "--units", 1_200, "--days", 10);
        assertThat(made.err()).isEmpty();
        assertThat(made.out()).matches("(?s).*: \\d+ decisions and \\d+ outcomes of follow-blend\\R");
    }

    @ParameterizedTest
    @ValueSource(strings = {"report", "estimate", "fit", "calibrate", "simulate"})
    void everyCommandHasHelp(String command) {
        CommandRun asked = run("experiment", command, "--help");
        assertThat(asked.exit()).isZero();
        assertThat(asked.out()).contains("Usage: repscorer experiment " + command);
    }

    @Test
    void theReportIsTextJsonAndAPage() throws IOException, UnreadableJsonException {
        Path json = directory.resolve("report.json");
        Path html = directory.resolve("report.html");
        CommandRun told = run("experiment", "report", "follow-blend", "--log", log, "--json", json, "--html", html);
        assertThat(told.err()).isEmpty();
        ExperimentReportResponse report = WireJson.read(Files.readAllBytes(json), ExperimentReportResponse.class);
        assertThat(told.out()).startsWith(report.verdict()).contains("follow per unit (adjusted)", "any look, 95 %");
        assertThat(report.experiment()).isEqualTo("follow-blend");
        assertThat(report.days()).hasSize(10);
        assertThat(report.confidence()).isCloseTo(.95, within(1e-12));
        String page = Files.readString(html);
        assertThat(page)
                .startsWith("<!doctype html>")
                .endsWith("</body></html>\n")
                .contains("<p class=\"verdict\">", "<svg", "simclusters-heavier against control", "day by day")
                .doesNotContain("<script", "NaN", "Infinity", "null");
    }

    @Test
    void sharedAnswersHaveAReportToo() {
        Path shared = directory.resolve("shared");
        run("experiment", "simulate", "--out", shared, "--units", 500, "--days", 6, "--scenario", "interleaved");
        Path html = directory.resolve("shared.html");
        CommandRun told = run("experiment", "report", "follow-blend", "--log", shared, "--html", html);
        assertThat(told.err()).isEmpty();
        assertThat(told.out()).contains("answers shared with simclusters-heavier", "in four of five cases");
        assertThat(html).content().contains("share of credit").doesNotContain("NaN", "Infinity");
    }

    @Test
    void plansWeightsAndProbabilitiesComeOfTheLog() throws IOException {
        Object[] goal = {"--log", log, "--surface", "follow", "--goal", "follow"};
        CommandRun fit = run(with(goal, "experiment", "fit"));
        assertThat(fit.err()).isEmpty();
        assertThat(fit.out())
                .contains("simclusters, one σ more", "overrides:")
                .containsPattern("columns.twhin.weight: 0\\.\\d+");
        Path points = directory.resolve("points.yaml");
        CommandRun calibrated = run(with(goal, "experiment", "calibrate", "--out", points));
        assertThat(calibrated.err()).isEmpty();
        assertThat(calibrated.out()).contains("expected calibration error");
        assertThat(points).content().startsWith("calibration:\n  points:\n    - {score: ");
        CommandRun estimate = run(with(
                goal,
                "experiment",
                "estimate",
                "--weight",
                "twhin=0.7",
                "--weight",
                "simclusters=0.3",
                "--temperature",
                "0.35",
                "--variant",
                "control"));
        assertThat(estimate.err()).isEmpty();
        assertThat(estimate.out()).contains("the plan, doubly robust", "the log's own plan");
    }

    @Test
    void whatCannotBeToldIsOneLine() {
        Object[] goal = {"--log", log, "--surface", "follow", "--goal", "follow"};
        run(with(goal, "experiment", "estimate", "--weight", "simclusters=1", "--temperature", "0"))
                .assertMistake("overlap is too thin");
        run(with(goal, "experiment", "estimate", "--weight", "none=1")).assertMistake("'none'");
        run("experiment").assertMistake("report");
        run("experiment", "report", "x", "--log", directory.resolve("nowhere")).assertMistake("--log");
        run("experiment", "report", "x", "--log", log, "--from", "today").assertMistake("--from");
        run("experiment", "report", "x", "--log", log, "--to", "2000-01-01T00:00:00Z")
                .assertMistake("no decisions of that time");
        run("experiment", "report", "x", "--log", log, "--window-days", 0).assertMistake("--window-days");
        run("experiment", "report", "x", "--log", log, "--html", directory).assertMistake("--html");
        run("experiment", "report", "follow-blend", "--log", log, "--control", "none")
                .assertMistake("'none'");
        run("experiment", "fit", "--log", log, "--surface", "search", "--goal", "follow")
                .assertMistake("'search'");
        run("experiment", "fit", "--log", log, "--surface", "follow", "--goal", "like")
                .assertMistake("'like'");
        run("experiment", "simulate", "--out", log).assertMistake("--out must be empty");
        run("experiment", "simulate", "--out", directory.resolve("other"), "--units", 0)
                .assertMistake("units");
        CommandRun nobody = run("experiment", "report", "other", "--log", log);
        assertThat(nobody.exit()).isZero();
        assertThat(nobody.out()).startsWith("Nothing can be said");
    }

    private static Object[] with(Object[] goal, Object... command) {
        Object[] all = new Object[command.length + goal.length];
        System.arraycopy(command, 0, all, 0, command.length);
        System.arraycopy(goal, 0, all, command.length, goal.length);
        return all;
    }
}
