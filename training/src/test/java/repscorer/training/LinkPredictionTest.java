package repscorer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.core.embedding.EmbeddingFile;
import repscorer.core.entity.EntityId;
import repscorer.training.evaluate.TaskResult;
import repscorer.training.evaluate.Tasks;
import repscorer.training.graph.DataException;
import repscorer.training.plan.TrainingPlan;
import repscorer.training.plan.YamlFiles;
import repscorer.training.progress.TrainingProgress;

/** A knowledge graph of remainders: relation {@code plus-n} joins a with (a + n) mod 40, which a complex rotation can learn. */
class LinkPredictionTest {

    private static final int ENTITIES = 40;
    private static final int[] STEPS = {1, 2, 5, 13};

    @TempDir
    static Path directory;

    private static Path data;
    private static final List<String> TRAIN = new ArrayList<>();
    private static final List<String> VALID = new ArrayList<>();
    private static final List<String> TEST = new ArrayList<>();

    private static TrainingPlan plan(String keys) {
        return YamlFiles.parse(Path.of("remainders.yaml"), """
                name: remainders
                seed: 3
                threads: 1
                bad-rows-max: 0
                relations:
                  - name: fact
                    files: [train.txt]
                    valid: [valid.txt]
                    test: [test.txt]
                    columns: [head, relation, tail]
                    head: number
                    tail: number
                twhin: {operator: complex-diagonal, comparator: dot, loss: softmax, reciprocal: true, negatives: all,
                  optimiser: adagrad, dimension: 32, batch-size: 16, scale: 1, initial-scale: 0.1, regularisation-n3: 0.01,
                  epochs: 30, validate-every: 5, patience: 3%s}
                """.formatted(keys), TrainingPlan.class);
    }

    @BeforeAll
    static void writeFacts() throws IOException {
        SplittableRandom random = new SplittableRandom(4);
        for (int step : STEPS) {
            for (int a = 0; a < ENTITIES; a++) {
                String fact = "%s\tplus/%s\t%s".formatted(a, step, (a + step) % ENTITIES);
                double where = random.nextDouble();
                (where < 0.8 ? TRAIN : where < 0.9 ? VALID : TEST).add(fact);
            }
        }
        data = Files.createDirectory(directory.resolve("data"));
        Files.write(data.resolve("train.txt"), TRAIN);
        Files.write(data.resolve("valid.txt"), VALID);
        Files.write(data.resolve("test.txt"), TEST);
    }

    @Test
    void learnsToRotateAndJudgesTheReleaseAsAnOracleDoes() throws IOException {
        Path release = directory.resolve("release");
        TrainingPlan plan = plan("");
        TrainingReport report = Trainer.train(plan, data, release, TrainingProgress.NONE);
        assertThat(report.trainingEdges()).containsEntry("fact", TRAIN.size());
        assertThat(release.resolve(Trainer.CHECKPOINT)).doesNotExist();

        TrainingPlan written = Trainer.plan(release.resolve(Trainer.REPORT));
        assertThat(written).isEqualTo(plan);
        List<TaskResult> results = Tasks.evaluate(written, data, release, TrainingProgress.NONE);
        assertThat(results).hasSize(1);
        TaskResult result = results.getFirst();
        assertThat(result.figures()).containsEntry("task", "link-prediction").containsEntry("edges", (long)
                TEST.size());
        assertThat(result.figure("mrr")).as("chance is about 0.1").isGreaterThan(0.8);
        assertThat(result.figure("mrr")).isCloseTo(mrr(release), within(1e-5));

        Path json = directory.resolve("results.json");
        Tasks.writeJson(json, results);
        assertThat(Files.readAllLines(json))
                .hasSize(3)
                .element(1)
                .asString()
                .startsWith("{\"task\":\"link-prediction\"");
    }

    /** Reads the files, scores triple by triple in complex numbers, and ranks, sharing no code with the product. */
    private static double mrr(Path release) {
        Set<String> known = new HashSet<>(TRAIN);
        known.addAll(VALID);
        known.addAll(TEST);
        double sum = 0;
        for (String fact : TEST) {
            String[] part = fact.split("\t");
            for (boolean tail : List.of(true, false)) {
                String given = tail ? part[0] : part[2];
                String wanted = tail ? part[2] : part[0];
                String relation = tail ? part[1] : part[1] + "^-1";
                double own = score(release, given, relation, wanted);
                int rank = 1;
                for (int e = 0; e < ENTITIES; e++) {
                    String other = Integer.toString(e);
                    String alternative = tail
                            ? "%s\t%s\t%s".formatted(given, part[1], other)
                            : "%s\t%s\t%s".formatted(other, part[1], given);
                    if (!known.contains(alternative) && score(release, given, relation, other) > own) {
                        rank++;
                    }
                }
                sum += 1.0 / rank;
            }
        }
        return sum / (2 * TEST.size());
    }

    private static double score(Path release, String given, String relation, String other) {
        float[] x = row(release, "twhin-number", "number:" + given);
        float[] r = row(release, "twhin-relation", "relation:" + relation);
        float[] y = row(release, "twhin-number", "number:" + other);
        int half = x.length / 2;
        double sum = 0;
        for (int j = 0; j < half; j++) {
            double re = (double) x[j] * r[j] - (double) x[half + j] * r[half + j];
            double im = (double) x[j] * r[half + j] + (double) x[half + j] * r[j];
            sum += re * y[j] + im * y[half + j];
        }
        return sum;
    }

    private static float[] row(Path release, String space, String id) {
        EmbeddingFile file = EmbeddingFile.open(release.resolve(space + ".emb"));
        return file.denseRows().row(file.ids().ordinal(EntityId.parse(id)).orElseThrow());
    }

    @Test
    void anInterruptedRunGoesOnToTheSameBytes() throws IOException {
        TrainingPlan plan = plan("");
        Path whole = directory.resolve("whole");
        Path cut = directory.resolve("cut");
        Trainer.train(plan, data, whole, TrainingProgress.NONE);
        assertThatThrownBy(() -> Trainer.train(plan, data, cut, new StopsAt(0.5)))
                .isInstanceOf(CancellationException.class);
        assertThat(cut.resolve(Trainer.CHECKPOINT)).isRegularFile();
        assertThat(cut.resolve(Trainer.REPORT)).doesNotExist();
        Trainer.train(
                plan,
                data,
                cut,
                new Trainer.Options(true, java.util.Optional.empty(), java.util.Optional.empty()),
                TrainingProgress.NONE);
        assertThat(cut.resolve(Trainer.CHECKPOINT)).doesNotExist();
        for (String space : List.of("twhin-number", "twhin-relation")) {
            assertThat(cut.resolve(space + ".emb")).hasSameBinaryContentAs(whole.resolve(space + ".emb"));
        }
    }

    @Test
    void aCheckpointOfAnotherPlanIsRefused() {
        Path cut = directory.resolve("other");
        assertThatThrownBy(() -> Trainer.train(plan(""), data, cut, new StopsAt(0.3)))
                .isInstanceOf(CancellationException.class);
        Trainer.Options resume = new Trainer.Options(true, java.util.Optional.empty(), java.util.Optional.empty());
        assertThatThrownBy(() -> Trainer.train(plan(", learning-rate: 0.2"), data, cut, resume, TrainingProgress.NONE))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("is of another plan, seed or data");
    }

    @Test
    void aWarmStartBeginsWhereTheEarlierVersionEnded() throws IOException {
        Path release = directory.resolve("earlier");
        Trainer.train(plan(""), data, release, TrainingProgress.NONE);
        TrainingPlan brief = plan(", learning-rate: 0.001");
        TrainingPlan one = YamlFiles.parse(
                Path.of("one.yaml"),
                YamlFiles.toJson(brief).replace("\"epochs\" : 30", "\"epochs\" : 1"),
                TrainingPlan.class);
        Path warm = directory.resolve("warm");
        Trainer.Options from = new Trainer.Options(
                false, java.util.Optional.of(Trainer.warmStart(release, one, 0.1)), java.util.Optional.empty());
        Trainer.train(one, data, warm, from, TrainingProgress.NONE);
        float[] before = row(release, "twhin-number", "number:7");
        float[] after = row(warm, "twhin-number", "number:7");
        for (int j = 0; j < before.length; j++) {
            assertThat(after[j]).isCloseTo(before[j], within(0.03f));
        }
        assertThat(Tasks.evaluate(one, data, warm, TrainingProgress.NONE)
                        .getFirst()
                        .figure("mrr"))
                .isGreaterThan(0.8);
        assertThatThrownBy(() -> Trainer.warmStart(data, one, 0)).hasMessageContaining("has no dense vectors");
    }
}
