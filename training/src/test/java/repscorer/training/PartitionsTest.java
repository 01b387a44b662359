package repscorer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.training.evaluate.Evaluator;
import repscorer.training.graph.DataException;
import repscorer.training.plan.TrainingPlan;
import repscorer.training.plan.YamlFiles;
import repscorer.training.progress.TrainingProgress;

/** Tables in mapped files, of which two partitions are in memory, beside tables in memory. */
class PartitionsTest {

    private static final TrainingPlan WHOLE =
            TestData.smallPlan().withModels(TestData.smallPlan().twhin(), Optional.empty(), Optional.empty());
    private static final TrainingPlan PARTS = YamlFiles.parse(
            Path.of("parts.yaml"),
            YamlFiles.toJson(WHOLE).replace("\"partitions\" : 1", "\"partitions\" : 3"),
            TrainingPlan.class);
    private static final List<String> SPACES = List.of("twhin-user", "twhin-tweet", "twhin-topic", "twhin-relation");

    @TempDir
    static Path directory;

    private static Path data;
    private static Path release;
    private static TrainingReport report;

    @BeforeAll
    static void trainOnce() throws IOException {
        data = TestData.smallNetwork(directory.resolve("data"));
        release = directory.resolve("release");
        report = Trainer.train(PARTS.withThreads(1), data, release, TrainingProgress.NONE);
    }

    @Test
    void findAsManyEdgesAsWholeTables() throws IOException {
        TrainingReport whole = Trainer.train(WHOLE, data, directory.resolve("whole"), TrainingProgress.NONE);
        for (String relation : List.of("follow", "favorite")) {
            double ofWhole = whole.evaluation().row(relation, Evaluator.TWHIN).recall(50);
            double ofParts = report.evaluation().row(relation, Evaluator.TWHIN).recall(50);
            System.out.printf("%s: recall@50 %.4f whole, %.4f in three partitions%n", relation, ofWhole, ofParts);
            assertThat(ofParts).isGreaterThan(0.9 * ofWhole);
        }
        assertThat(report.rows()).isEqualTo(whole.rows());
    }

    @Test
    void theSeedDecidesAndTheNumberOfThreadsDoesNot() throws IOException {
        Path other = directory.resolve("threads");
        Trainer.train(PARTS.withThreads(3), data, other, TrainingProgress.NONE);
        assertSameBytes(other);
    }

    @Test
    void anInterruptedRunGoesOnToTheSameBytes() throws IOException {
        Path cut = directory.resolve("cut");
        assertThatThrownBy(() -> Trainer.train(PARTS, data, cut, new StopsAt(0.47)))
                .isInstanceOf(CancellationException.class);
        assertThat(cut.resolve(Trainer.CHECKPOINT)).isRegularFile();
        Trainer.train(
                PARTS, data, cut, new Trainer.Options(true, Optional.empty(), Optional.empty()), TrainingProgress.NONE);
        assertSameBytes(cut);
    }

    @Test
    void nothingIsLeftBesideTheRelease() throws IOException {
        try (Stream<Path> files = Files.list(release)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .allMatch(name -> name.endsWith(".emb") || name.equals(Trainer.REPORT));
        }
    }

    @Test
    void aWarmStartIsRefused() {
        Trainer.Options from =
                new Trainer.Options(false, Optional.of(Trainer.warmStart(release, PARTS, 0)), Optional.empty());
        assertThatThrownBy(() -> Trainer.train(PARTS, data, directory.resolve("warm"), from, TrainingProgress.NONE))
                .isInstanceOf(DataException.class)
                .hasMessage("a warm start needs whole tables in memory: twhin.partitions is 3");
    }

    private static void assertSameBytes(Path other) {
        for (String space : SPACES) {
            assertThat(other.resolve(space + ".emb")).hasSameBinaryContentAs(release.resolve(space + ".emb"));
        }
    }
}
