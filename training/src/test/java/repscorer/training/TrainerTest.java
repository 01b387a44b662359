package repscorer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.core.embedding.EmbeddingFile;
import repscorer.core.entity.EntityId;
import repscorer.training.evaluate.Evaluation;
import repscorer.training.evaluate.Evaluator;
import repscorer.training.evaluate.TaskResult;
import repscorer.training.evaluate.Tasks;
import repscorer.training.plan.TrainingPlan;
import repscorer.training.plan.YamlFiles;
import repscorer.training.progress.TrainingProgress;

class TrainerTest {

    @TempDir
    static Path directory;

    private static final TrainingPlan PLAN = TestData.smallPlan();
    private static final Set<String> STAGES = new LinkedHashSet<>();
    private static Path data;
    private static Path release;
    private static TrainingReport report;

    @BeforeAll
    static void trainOnce() throws IOException {
        data = TestData.smallNetwork(directory.resolve("data"));
        release = directory.resolve("release");
        report = Trainer.train(PLAN, data, release, (stage, done, total, note) -> STAGES.add(stage));
    }

    @Test
    void aReleaseHasEverySpaceAndEveryFileVerifies() throws IOException {
        List<String> spaces = new ArrayList<>();
        try (Stream<Path> files = Files.list(release)) {
            for (Path path :
                    files.filter(f -> f.toString().endsWith(".emb")).sorted().toList()) {
                EmbeddingFile file = EmbeddingFile.open(path);
                file.verify();
                spaces.add(file.space() + " " + file.model() + " " + file.kind());
                assertThat(file.properties()).containsEntry("plan", "small").containsEntry("seed", "3");
                assertThat(report.rows()).containsEntry(file.space(), file.count());
            }
        }
        assertThat(spaces)
                .containsExactly(
                        "history-follow history user",
                        "history-interest history user",
                        "interests-favorite-shares interests-favorite tweet",
                        "interests-favorite interests-favorite user",
                        "interests-follow-shares interests-follow user",
                        "interests-follow interests-follow user",
                        "simclusters-interest simclusters user",
                        "simclusters-known-for simclusters user",
                        "simclusters-producer simclusters user",
                        "simclusters-topic simclusters topic",
                        "simclusters-tweet simclusters tweet",
                        "twhin-interests-favorite twhin interest",
                        "twhin-interests-follow twhin interest",
                        "twhin-relation twhin relation",
                        "twhin-topic twhin topic",
                        "twhin-tweet twhin tweet",
                        "twhin-user twhin user");
    }

    @Test
    void sparseSpacesOfTheModelShareTheirColumns() {
        EmbeddingFile interest = open("simclusters-interest");
        for (String space : List.of("simclusters-producer", "simclusters-topic", "simclusters-tweet")) {
            EmbeddingFile other = open(space);
            assertThat(other.dimension()).isEqualTo(report.clusters());
            for (int c = 0; c < other.dimension(); c++) {
                assertThat(other.columns().orElseThrow().id(c))
                        .isEqualTo(interest.columns().orElseThrow().id(c));
                assertThat(other.columnLabel(c)).isEqualTo(interest.columnLabel(c));
            }
        }
        assertThat(interest.columns().orElseThrow().id(0)).isEqualTo(EntityId.parse("cluster:0"));
    }

    @Test
    void relationsAndHistoriesAreNamedByTheirIds() {
        assertThat(open("twhin-relation").ids().ordinal(EntityId.parse("relation:follow")))
                .isPresent();
        EmbeddingFile history = open("history-interest");
        assertThat(history.columns().orElseThrow().ordinal(EntityId.parse("topic:jazz")))
                .isPresent();
        assertThat(history.dimension()).isEqualTo(8);
    }

    @Test
    void everyPartBeatsPopularityAndTheReportSaysSo() throws IOException {
        Evaluation evaluation = report.evaluation();
        System.out.print(evaluation.toTable());
        for (String relation : List.of("follow", "favorite")) {
            double popular = evaluation.row(relation, Evaluator.POPULARITY).recall(50);
            assertThat(evaluation.row(relation, Evaluator.TWHIN).recall(50)).isGreaterThan(1.3 * popular);
            assertThat(evaluation.row(relation, Evaluator.SIMCLUSTERS).recall(50))
                    .isGreaterThan(1.3 * popular);
            assertThat(evaluation.row(relation, Evaluator.MIXTURE).recall(50)).isGreaterThan(1.3 * popular);
            assertThat(evaluation.row(relation, Evaluator.ITEM_KNN).recall(50)).isGreaterThan(popular);
            assertThat(evaluation.row(relation, Evaluator.BLEND).recall(50)).isGreaterThan(1.5 * popular);
        }
        assertThat(Files.readString(release.resolve(Trainer.REPORT)))
                .contains("\"recall\"", "\"simclusters\"", "\"training-edges\"", "\"seed\" : 3");
        assertThat(STAGES).contains("read follow", "twhin", "communities", "write", "evaluate");
    }

    @Test
    void aReleaseCanBeEvaluatedAgain() throws IOException {
        Evaluation again = Evaluator.evaluate(PLAN, data, release, TrainingProgress.NONE);
        assertThat(again).isEqualTo(report.evaluation());
    }

    @Test
    void theSameSeedGivesTheSameBytes() throws IOException {
        Path twin = directory.resolve("twin");
        TrainingReport second = Trainer.train(PLAN.withThreads(1), data, twin, TrainingProgress.NONE);
        for (String space : second.rows().keySet()) {
            assertThat(twin.resolve(space + ".emb")).hasSameBinaryContentAs(release.resolve(space + ".emb"));
        }
    }

    /** The trainings that a release's files name. */
    private static Set<String> trainings(Path directory) throws IOException {
        Set<String> named = new LinkedHashSet<>();
        try (Stream<Path> files = Files.list(directory)) {
            files.filter(file -> file.toString().endsWith(".emb"))
                    .forEach(file ->
                            named.add(EmbeddingFile.open(file).training().orElse("none")));
        }
        return named;
    }

    @Test
    @DisplayName("S1: every file of a release names its training, as the report does")
    void everyFileNamesTheTraining() throws IOException {
        assertThat(trainings(release)).containsExactly(report.training().orElseThrow());
        assertThat(report.training().orElseThrow()).matches("[0-9a-f]{16}");
        assertThat(Files.readString(release.resolve(Trainer.REPORT)))
                .contains(report.training().orElseThrow());
    }

    @Test
    @DisplayName("S1: trained on from a release, clusters keep their numbers, and it is another training")
    void trainedOnFromAReleaseClustersKeepTheirNumbers() throws IOException {
        Path later = directory.resolve("later");
        Trainer.Options from =
                new Trainer.Options(false, Optional.of(Trainer.warmStart(release, PLAN, 0)), Optional.of(release));
        Trainer.train(PLAN.withSeed(77), data, later, from, TrainingProgress.NONE);
        assertThat(trainings(later)).hasSize(1).doesNotContain(report.training().orElseThrow());
        EmbeddingFile before = open("simclusters-known-for");
        EmbeddingFile after = EmbeddingFile.open(later.resolve("simclusters-known-for.emb"));
        int same = 0;
        for (int row = 0; row < before.count(); row++) {
            int place = after.ids().ordinal(before.ids().id(row)).orElseThrow();
            same += cluster(before, row).equals(cluster(after, place)) ? 1 : 0;
        }
        // Another seed holds other edges out, so that some producers move.
        assertThat(same).isGreaterThan(before.count() * 6 / 10);
    }

    private static EntityId cluster(EmbeddingFile file, int row) {
        return file.columns().orElseThrow().id(file.sparseRows().column(row, 0));
    }

    @Test
    void everyTaskJudgesTheRelease() throws IOException {
        String text = YamlFiles.toJson(PLAN)
                .replace("\"probe\" : \"\"", "\"probe\" : \"favorite\"")
                .replace("\"truth\" : \"\"", "\"truth\" : \"truth.tsv\"");
        TrainingPlan plan = YamlFiles.parse(Path.of("p.yaml"), text, TrainingPlan.class);
        List<TaskResult> results = Tasks.evaluate(plan, data, release, TrainingProgress.NONE);
        System.out.print(Tasks.toText(results));
        assertThat(results.stream().map(r -> r.figures().get("task")).distinct())
                .containsExactly("recommendation", "communities", "probe");
        assertThat(results.stream()
                        .filter(r -> "communities".equals(r.figures().get("task")))
                        .findFirst()
                        .orElseThrow()
                        .figure("nmi"))
                .isBetween(0.1, 1.0); // users have up to three topics, of which one is planted
    }

    @Test
    void trainingCanBeCancelledBetweenStages() {
        TrainingProgress cancelled = new TrainingProgress() {
            private String stage = "";

            @Override
            public void report(String stage, long done, long total, String note) {
                this.stage = stage;
            }

            @Override
            public boolean cancelled() {
                return stage.equals("communities");
            }
        };
        assertThatThrownBy(() -> Trainer.train(PLAN, data, directory.resolve("cancelled"), cancelled))
                .isInstanceOf(CancellationException.class);
        assertThat(directory.resolve("cancelled").resolve(Trainer.REPORT)).doesNotExist();
    }

    private static EmbeddingFile open(String space) {
        return EmbeddingFile.open(release.resolve(space + ".emb"));
    }
}
