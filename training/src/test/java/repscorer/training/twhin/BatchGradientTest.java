package repscorer.training.twhin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import repscorer.training.TestData;
import repscorer.training.graph.EdgeReader;
import repscorer.training.graph.Relation;
import repscorer.training.plan.TrainingPlan;
import repscorer.training.plan.TwhinPlan;
import repscorer.training.plan.YamlFiles;
import repscorer.training.progress.TrainingProgress;
import repscorer.vector.VectorOps;

/** The gradients that a batch computes are the slopes of the loss it states. */
class BatchGradientTest {

    private static final int D = 5;
    private static final int USERS = 7;
    private static final int TOPICS = 4;
    private static final float STEP = 1e-2f;

    private static final TwhinPlan PLAN = TestData.twhin(
            "dimension: 5, epochs: 1, batch-size: 8, negatives-uniform: 3, negatives-prevalence: 3, negatives-weight: 2, comparator: dot, scale: 1.5, regularisation: 0");

    @TempDir
    Path directory;

    private final SplittableRandom random = new SplittableRandom(11);
    private final float[] users = small(USERS * D);
    private final float[] topics = small(TOPICS * D);
    private final float[] theta = small(2 * D);
    private final float[] bias = {0.3f};

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void gradientsAreTheSlopesOfTheLoss(boolean simd) throws Exception {
        Batch batch = filled(simd);
        compute(batch);
        float[] userSlopes = new float[users.length];
        float[] topicSlopes = new float[topics.length];
        scatter(batch.heads, batch.edges, batch.headGradients, userSlopes);
        scatter(batch.drawnHeads, batch.drawnHeads.length, batch.drawnHeadGradients, userSlopes);
        scatter(batch.tails, batch.edges, batch.tailGradients, topicSlopes);
        scatter(batch.drawnTails, batch.drawnTails.length, batch.drawnTailGradients, topicSlopes);
        float[] thetaSlopes = new float[2 * D];
        System.arraycopy(batch.relationGradient, 0, thetaSlopes, D, D);
        float[] biasSlope = batch.biasGradient.clone();

        check(batch, users, userSlopes);
        check(batch, topics, topicSlopes);
        check(batch, theta, thetaSlopes);
        check(batch, bias, biasSlope);
    }

    @Test
    void aDrawnEntityThatIsTheEdgesOwnEndDoesNotCountAgainstIt() throws Exception {
        Batch batch = filled(false);
        java.util.Arrays.fill(batch.tails, batch.tails[0]);
        java.util.Arrays.fill(batch.drawnTails, batch.tails[0]);
        java.util.Arrays.fill(batch.heads, batch.heads[0]);
        java.util.Arrays.fill(batch.drawnHeads, batch.heads[0]);
        compute(batch);
        assertThat(batch.drawnTailGradients).containsOnly(0f);
        assertThat(batch.drawnHeadGradients).containsOnly(0f);
        assertThat(batch.biasGradient[0]).isNegative();
    }

    /** Small enough that no probability comes near 0 or 1, where the loss itself is too coarse to take slopes of. */
    private float[] small(int n) {
        float[] values = TestData.gaussian(n, random);
        VectorOps.scale(values, 0.4f);
        return values;
    }

    private Batch filled(boolean simd) throws Exception {
        Files.writeString(directory.resolve("f.tsv"), "a\tx\nb\ty\nc\tz\nd\tw\ne\tx\nf\ty\ng\tz\na\tw\n");
        TrainingPlan plan = YamlFiles.parse(Path.of("p.yaml"), """
                name: p
                twhin: {}
                relations:
                  - {name: r, files: [f.tsv], head: user, tail: topic, weight: 1.25}
                """, TrainingPlan.class);
        Relation relation = EdgeReader.read(plan, directory, TrainingProgress.NONE)
                .graph()
                .relations()
                .getFirst();
        Batch batch = new Batch(PLAN, simd ? new PanamaMatrixKernels() : new ScalarMatrixKernels());
        batch.fill(relation, 0, new int[] {0, 1, 2, 3, 4, 5, 6, 7}, 0, 8, random);
        return batch;
    }

    private void compute(Batch batch) {
        batch.compute(users, topics, theta, D, bias[0], Integer.MAX_VALUE);
    }

    private void check(Batch batch, float[] parameters, float[] slopes) {
        for (int i = 0; i < parameters.length; i++) {
            float value = parameters[i];
            parameters[i] = value + STEP;
            compute(batch);
            double above = batch.loss;
            parameters[i] = value - STEP;
            compute(batch);
            double below = batch.loss;
            parameters[i] = value;
            double slope = (above - below) / (2 * STEP);
            assertThat((double) slopes[i])
                    .as("parameter %d", i)
                    .isCloseTo(slope, within(2e-3 + 2e-3 * Math.abs(slope)));
        }
    }

    private static void scatter(int[] rows, int count, float[] gradients, float[] into) {
        for (int i = 0; i < count; i++) {
            for (int j = 0; j < D; j++) {
                into[rows[i] * D + j] += gradients[i * D + j];
            }
        }
    }
}
