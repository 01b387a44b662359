package repscorer.training.twhin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import repscorer.training.TestData;
import repscorer.training.graph.EdgeReader;
import repscorer.training.graph.Graph;
import repscorer.training.plan.TrainingPlan;
import repscorer.training.plan.TwhinPlan;
import repscorer.training.plan.YamlFiles;
import repscorer.training.progress.TrainingProgress;

/** The losses of a batch by their formulas, one edge and one drawn entity after the other. */
class LossValuesTest {

    private static final int D = 6;
    private static final double TAU = 1.5;
    private static final double NEGATIVES_WEIGHT = 2;

    @TempDir
    Path directory;

    private final SplittableRandom random = new SplittableRandom(12);

    @SuppressWarnings("NullAway.Init") // read before each test
    private Block block;

    @BeforeEach
    void read() throws IOException {
        Files.writeString(
                directory.resolve("f.tsv"), "a\tr\tx\nb\tr\ty\nc\ts\tz\nd\ts\tw\ne\tr\tx\nf\tr\ty\ng\ts\tz\na\tr\tw\n");
        TrainingPlan plan = YamlFiles.parse(Path.of("p.yaml"), """
                name: p
                twhin: {}
                relations:
                  - {name: fact, files: [f.tsv], columns: [head, relation, tail], head: user, tail: topic, weight: 1.25}
                """, TrainingPlan.class);
        Graph graph = EdgeReader.read(plan, directory, TrainingProgress.NONE).graph();
        block = Block.of(graph).getFirst();
    }

    private float[] values(int n, float size) {
        float[] values = TestData.gaussian(n, random);
        for (int i = 0; i < n; i++) {
            values[i] *= size;
        }
        return values;
    }

    @ParameterizedTest
    @CsvSource({"logistic, 1", "softmax, 1", "ranking, 0.25", "ranking, 3"})
    @DisplayName("S13: a batch's loss is its formula, and who is an edge's own end does not count against it")
    void aBatchsLossIsItsFormula(String loss, double margin) {
        TwhinPlan plan = TestData.twhin(
                "loss: %s, margin: %s, comparator: dot, dimension: 6, batch-size: 16, negatives-uniform: 5, negatives-prevalence: 4, negatives-weight: 2, scale: 1.5"
                        .formatted(loss, margin));
        float[] users = values(7 * D, 0.8f);
        float[] topics = values(4 * D, 0.8f);
        float[] theta = values(2 * D, 0.5f);
        float[] biases = {0.75f, -0.5f};
        int owned = 0;
        for (int round = 0; round < 8; round++) {
            Batch batch = new Batch(plan, new ScalarMatrixKernels(), 2, 7);
            batch.fillEdges(block, 0, true, new int[] {0, 1, 2, 3, 4, 5, 6, 7}, 0, 8, 4, random);
            batch.compute(users, topics, theta, false, biases, Integer.MAX_VALUE);
            assertThat(batch.queries).isEqualTo(8);
            double expected = 0;
            double weights = 0;
            double ofThree = 0;
            for (int i = 0; i < batch.queries; i++) {
                ofThree = i == 3 ? expected : ofThree;
                int own = batch.target[i];
                double score = score(users, batch.queryEntity[i], theta, batch.queryRelation[i], topics, own);
                double bias = biases[batch.queryRelation[i]];
                double sum = 0;
                double exponentials = Math.exp(score);
                for (int j = 0; j < batch.candidates; j++) {
                    int drawn = batch.candidate[j];
                    double other = score(users, batch.queryEntity[i], theta, batch.queryRelation[i], topics, drawn);
                    owned += drawn == own ? 1 : 0;
                    if (drawn != own) {
                        sum += loss.equals("logistic")
                                ? Math.log(1 + Math.exp(other + bias))
                                : Math.max(0, other - score + margin);
                        exponentials += Math.exp(other);
                    }
                }
                double drawnWeight = 1.25 * NEGATIVES_WEIGHT / batch.candidates;
                switch (loss) {
                    case "logistic" -> {
                        // Each way counts the edge by half, and what is drawn wholly.
                        expected += 0.5 * 1.25 * Math.log(1 + Math.exp(-score - bias)) + drawnWeight * sum;
                        weights += 0.5;
                    }
                    case "softmax" -> {
                        expected += 1.25 * (Math.log(exponentials) - score);
                        weights += 1.25;
                    }
                    default -> {
                        expected += drawnWeight * sum;
                        weights += 1.25;
                    }
                }
            }
            assertThat(batch.loss()).isCloseTo(expected, within(1e-3 * Math.max(1, expected)));
            assertThat(batch.lossWeight()).isCloseTo(weights, within(1e-6));
            batch.compute(users, topics, theta, false, biases, 3);
            assertThat(batch.loss()).as("of the first three").isCloseTo(ofThree, within(1e-3 * Math.max(1, ofThree)));
            assertThat(batch.lossWeight()).isCloseTo(weights * 3 / 8, within(1e-6));
        }
        assertThat(owned).as("some are an edge's own end").isPositive();
    }

    private static double score(float[] users, int user, float[] theta, int relation, float[] topics, int topic) {
        double sum = 0;
        for (int j = 0; j < D; j++) {
            sum += ((double) users[user * D + j] + theta[relation * D + j]) * topics[topic * D + j];
        }
        return TAU * sum;
    }
}
