package repscorer.ranking;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.cli.Main;
import repscorer.core.model.ModelFeature;
import repscorer.models.ModelFile;
import repscorer.testing.CommandRun;
import repscorer.testing.Seeds;
import repscorer.testing.SimulatedImpressions;
import repscorer.testing.SimulatedImpressions.Impression;

class RankTrainCommandTest {

    @TempDir
    Path directory;

    private static CommandRun run(Object... args) {
        return CommandRun.of(line -> Main.run(List.of(new RankCommand()), line), args);
    }

    private Path plan(String text) throws IOException {
        return Files.writeString(directory.resolve("plan.yaml"), text);
    }

    @Test
    void aLogOfDecisionsBecomesAModelOfTheSameBytesTwice() throws IOException {
        Path log = directory.resolve("log");
        assertThat(run("experiment", "simulate", "--out", log, "--units", 600).exit())
                .isZero();
        Path plan = plan("""
                model: follow
                form: linear
                surface: follow
                goal: follow
                features:
                  twhin: ["column:twhin"]
                  simclusters: ["column:simclusters"]
                """);
        Path out = directory.resolve("follow.json");
        CommandRun first = run("rank", "train", "--log", log, "--plan", plan, "--out", out);
        assertThat(first.exit()).as(first.err()).isZero();
        assertThat(first.out())
                .contains("the mean alone", "the model", "without twhin", "without simclusters", "digest ");
        byte[] bytes = Files.readAllBytes(out);
        ModelFile file = ModelFile.of(Files.readString(out));
        assertThat(file.model().features())
                .containsExactly(new ModelFeature.Column("twhin"), new ModelFeature.Column("simclusters"));
        assertThat(file.learnt()).containsEntry("goal", "follow").containsKey("log-loss-without-twhin");
        double twhin = file.model().margin().parts(new float[] {1, 0}).of()[0]
                - file.model().margin().parts(new float[] {0, 0}).of()[0];
        double simclusters = file.model().margin().parts(new float[] {0, 1}).of()[1]
                - file.model().margin().parts(new float[] {0, 0}).of()[1];
        assertThat(simclusters)
                .as("the simulation weighs it four times as much")
                .isGreaterThan(2 * twhin);
        assertThat(run("rank", "train", "--log", log, "--plan", plan, "--out", out)
                        .exit())
                .isZero();
        assertThat(Files.readAllBytes(out)).isEqualTo(bytes);
    }

    @Test
    void aTableOfFeaturesIsReadByTheirNames() throws IOException {
        SimulatedImpressions simulated = new SimulatedImpressions(Seeds.random("RankTrainCommandTest"));
        StringBuilder table = new StringBuilder("time,clicked,age,column:simclusters,column:twhin\n");
        for (int i = 0; i < 3_000; i++) {
            Impression seen = simulated.next();
            table.append(String.format(
                    Locale.ROOT,
                    "%s,%s,%s,%s,%s%n",
                    i,
                    seen.clicked() ? 1 : 0,
                    seen.age(),
                    Double.isNaN(seen.sparse()) ? "" : seen.sparse(),
                    seen.dense()));
        }
        Path csv = Files.writeString(directory.resolve("seen.csv"), table);
        Path plan = plan("""
                model: click
                form: trees
                goal: clicked
                rounds: 30
                features:
                  vectors: ["column:twhin", "column:simclusters"]
                  content: [age]
                """);
        Path out = directory.resolve("click.json");
        CommandRun trained = run("rank", "train", "--log", csv, "--plan", plan, "--out", out);
        assertThat(trained.exit()).as(trained.err()).isZero();
        float missing = Float.NaN;
        assertThat(ModelFile.of(Files.readString(out)).model().probability(new float[] {2, missing, 1}))
                .isGreaterThan(ModelFile.of(Files.readString(out)).model().probability(new float[] {-2, missing, 1}));

        Files.writeString(csv, table.toString().replaceFirst("clicked", "other"));
        run("rank", "train", "--log", csv, "--plan", plan, "--out", out).assertMistake("has no column 'clicked'");
        Files.writeString(csv, "time,clicked,age,column:simclusters,column:twhin\n1,yes,1,2,3\n");
        run("rank", "train", "--log", csv, "--plan", plan, "--out", out).assertMistake("seen.csv, row 1: no number");
        run("rank", "train", "--log", csv, "--plan", plan, "--out", directory.resolve("other.json"))
                .assertMistake("--out must name a file click.json");
        run("rank", "train", "--log", directory.resolve("none"), "--plan", plan, "--out", out)
                .assertMistake("no such directory or file");
    }

    @Test
    void whatALogHasNotIsRefused() throws IOException {
        Path plan = plan("""
                model: click
                form: trees
                surface: follow
                goal: follow
                features: {all: ["popularity:history-follow"]}
                """);
        Path log = Files.createDirectories(directory.resolve("log"));
        run("rank", "train", "--log", log, "--plan", plan, "--out", directory.resolve("click.json"))
                .assertMistake("a log has columns and ages, and not popularity:history-follow");
        Path bad = plan("""
                model: click
                form: trees
                goal: follow
                features: {all: ["what:ever"]}
                """);
        run("rank", "train", "--log", log, "--plan", bad, "--out", directory.resolve("click.json"))
                .assertMistake("a feature is column:NAME");
    }
}
