package repscorer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.training.evaluate.Evaluator;
import repscorer.training.evaluate.Tasks;
import repscorer.training.graph.DataException;
import repscorer.training.plan.TrainingPlan;
import repscorer.training.plan.YamlFiles;
import repscorer.training.progress.TrainingProgress;

/** A release is judged only by edges that it cannot have met. */
class TrainedEdgesTest {

    private static final int EDGES = 500;
    private static final String BY_CHANCE = "hold-out: {follow: 0.1}";

    @TempDir
    static Path directory;

    private static final List<String> ROWS = new ArrayList<>();
    private static Path release;

    @BeforeAll
    static void trainOnce() throws IOException {
        Random random = new Random(7);
        Set<String> pairs = new LinkedHashSet<>();
        while (pairs.size() < EDGES) {
            int head = random.nextInt(100);
            int tail = random.nextInt(100);
            if (head != tail) {
                pairs.add("u" + head + "\tu" + tail);
            }
        }
        int at = 0;
        for (String pair : pairs) {
            ROWS.add(pair + "\t" + (1_000_000 + at++));
        }
        release = directory.resolve("release");
        Trainer.train(plan(BY_CHANCE, 1), data("rows", ROWS), release, TrainingProgress.NONE);
    }

    private static TrainingPlan plan(String holdOut, int seed) {
        return YamlFiles.parse(Path.of("p.yaml"), """
                name: p
                seed: %s
                relations:
                  - {name: follow, files: [f.tsv], columns: [head, tail, time], head: user, tail: user}
                %s
                twhin: {dimension: 8, epochs: 2}
                """.formatted(seed, holdOut), TrainingPlan.class);
    }

    private static Path data(String name, List<String> rows) throws IOException {
        Path folder = Files.createDirectories(directory.resolve(name));
        Files.write(folder.resolve("f.tsv"), rows);
        return folder;
    }

    private static List<String> appended() {
        List<String> rows = new ArrayList<>(ROWS);
        rows.add("u3\tnew\t2000000");
        return rows;
    }

    @Test
    @DisplayName("E1 a release is not judged by data with a row more than its training had")
    void aRowMore() throws IOException {
        Path more = data("more", appended());
        assertThatThrownBy(() -> Tasks.evaluate(plan(BY_CHANCE, 1), more, release, TrainingProgress.NONE))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(
                        "the release was trained on other edges than data and plan now leave to training")
                .hasMessageContaining("relation follow has 450-")
                .hasMessageContaining(release.resolve(Trainer.REPORT).toString());
    }

    @Test
    @DisplayName("E1 rows in another order hold other edges out, and are refused too")
    void shuffledRows() throws IOException {
        List<String> rows = new ArrayList<>(ROWS);
        Collections.shuffle(rows, new Random(1));
        Path shuffled = data("shuffled", rows);
        assertThatThrownBy(() -> Evaluator.evaluate(plan(BY_CHANCE, 1), shuffled, release, TrainingProgress.NONE))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("trained on other edges");
    }

    @Test
    @DisplayName("E1 a plan of another seed is refused, the plan of the training is not")
    void anotherSeed() throws IOException {
        Path rows = directory.resolve("rows");
        assertThatThrownBy(() -> Tasks.evaluate(plan(BY_CHANCE, 2), rows, release, TrainingProgress.NONE))
                .isInstanceOf(DataException.class);
        assertThat(Tasks.evaluate(plan(BY_CHANCE, 1), rows, release, TrainingProgress.NONE))
                .isNotEmpty();
        assertThat(Tasks.evaluate(Trainer.plan(release.resolve(Trainer.REPORT)), rows, release, TrainingProgress.NONE))
                .isNotEmpty();
    }

    @Test
    @DisplayName("E1 what begins with a release that knew other edges is not judged")
    void fromOtherEdges() throws IOException {
        Path rows = directory.resolve("rows");
        TrainingPlan other = plan(BY_CHANCE, 2);
        Path warm = directory.resolve("warm");
        TrainingReport report = Trainer.train(other, rows, warm, from(release, other), TrainingProgress.NONE);
        assertThat(report.evaluation().rows()).isEmpty();
        assertThat(report.notes().orElseThrow())
                .containsExactly(
                        "not judged: training began with a release that knew other edges, perhaps those held out");
        assertThatThrownBy(() -> Tasks.evaluate(other, rows, warm, TrainingProgress.NONE))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith("the release began with one that knew other edges");
        Path third = directory.resolve("third");
        assertThat(Trainer.train(other, rows, third, from(warm, other), TrainingProgress.NONE)
                        .evaluation()
                        .rows())
                .as("nor what begins with that")
                .isEmpty();
    }

    @Test
    @DisplayName("E1 what begins with a release of the same edges, or one that ended before the cut, is judged")
    void fromTheSameEdges() throws IOException {
        Path rows = directory.resolve("rows");
        TrainingPlan same = plan(BY_CHANCE, 1);
        assertThat(Trainer.train(same, rows, directory.resolve("same"), from(release, same), TrainingProgress.NONE)
                        .evaluation()
                        .rows())
                .isNotEmpty();
        TrainingPlan yesterday = plan("hold-out-from: 1970-01-12T13:51:40Z", 1); // 1_000_300
        TrainingPlan today = plan("hold-out-from: 1970-01-12T13:53:20Z", 1); // 1_000_400
        Path earlier = directory.resolve("yesterday");
        Trainer.train(yesterday, rows, earlier, TrainingProgress.NONE);
        Path later = directory.resolve("today");
        assertThat(Trainer.train(today, rows, later, from(earlier, today), TrainingProgress.NONE)
                        .evaluation()
                        .rows())
                .isNotEmpty();
        assertThat(Trainer.train(
                                yesterday,
                                rows,
                                directory.resolve("back"),
                                from(later, yesterday),
                                TrainingProgress.NONE)
                        .evaluation()
                        .rows())
                .as("the later release knows edges that the earlier cut holds out")
                .isEmpty();
    }

    @Test
    @DisplayName("E1 a checkpoint of the same rows in another order is refused")
    void checkpointOfShuffledRows() throws IOException {
        Path out = directory.resolve("stopped");
        assertThatThrownBy(() -> Trainer.train(plan(BY_CHANCE, 1), directory.resolve("rows"), out, new StopsAt(0.5)))
                .isInstanceOf(CancellationException.class);
        List<String> rows = new ArrayList<>(ROWS);
        Collections.reverse(rows);
        Path reversed = data("reversed", rows);
        Trainer.Options resume = new Trainer.Options(true, Optional.empty(), Optional.empty());
        assertThatThrownBy(() -> Trainer.train(plan(BY_CHANCE, 1), reversed, out, resume, TrainingProgress.NONE))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("is of another plan, seed or data");
    }

    private static Trainer.Options from(Path release, TrainingPlan plan) {
        return new Trainer.Options(false, Optional.of(Trainer.warmStart(release, plan, 0)), Optional.of(release));
    }
}
