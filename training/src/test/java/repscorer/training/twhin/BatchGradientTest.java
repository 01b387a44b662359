package repscorer.training.twhin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import repscorer.training.TestData;
import repscorer.training.graph.EdgeReader;
import repscorer.training.graph.Graph;
import repscorer.training.plan.TrainingPlan;
import repscorer.training.plan.TwhinPlan;
import repscorer.training.plan.TwhinPlan.Negatives;
import repscorer.training.plan.TwhinPlan.Operator;
import repscorer.training.plan.YamlFiles;
import repscorer.training.progress.TrainingProgress;

/** The gradients that a batch computes are the slopes of the loss it states. */
class BatchGradientTest {

    private static final int D = 6;
    private static final float STEP = 1e-2f;

    @TempDir
    Path directory;

    private final SplittableRandom random = new SplittableRandom(11);
    private Block block;
    private float[] users;
    private float[] topics;
    private float[] theta;
    private final float[] bias = {0.3f, -0.2f};

    static Stream<String> plans() {
        List<String> plans = new ArrayList<>();
        for (String operator : List.of("identity", "translation", "diagonal", "complex-diagonal")) {
            for (String loss : List.of("logistic", "softmax", "ranking")) {
                plans.add("operator: %s, loss: %s, negatives-uniform: 3, negatives-prevalence: 3, margin: 50"
                        .formatted(operator, loss));
            }
            plans.add(
                    "operator: %s, loss: softmax, negatives-in-batch: true, negatives-uniform: 2, negatives-prevalence: 0"
                            .formatted(operator));
            plans.add("operator: %s, loss: softmax, negatives: all".formatted(operator));
            plans.add("operator: %s, loss: logistic, negatives: all".formatted(operator));
            plans.add(
                    "operator: %s, loss: softmax, negatives-uniform: 3, negatives-prevalence: 3, dropout: 0.4, regularisation: 0.3"
                            .formatted(operator));
            plans.add(
                    "operator: %s, loss: softmax, negatives: all, dropout: 0.4, regularisation: 0.1, regularisation-n3: 0.2"
                            .formatted(operator));
        }
        return plans.stream();
    }

    @BeforeEach
    void readEdges() throws Exception {
        Files.writeString(
                directory.resolve("f.tsv"),
                "a\tr\tx\nb\tr\ty\nc\ts\tz\nd\ts\tw\ne\tr\tx\nf\tr\ty\ng\ts\tz\na\tr\tw\na\ts\tw\n");
        TrainingPlan plan = YamlFiles.parse(Path.of("p.yaml"), """
                name: p
                twhin: {}
                relations:
                  - name: fact
                    files: [f.tsv]
                    columns: [head, relation, tail]
                    head: user
                    tail: topic
                    weight: 1.25
                """, TrainingPlan.class);
        Graph graph = EdgeReader.read(plan, directory, TrainingProgress.NONE).graph();
        block = Block.of(graph).getFirst();
        users = small(7 * D);
        topics = small(4 * D);
        theta = small(2 * D);
    }

    @ParameterizedTest
    @MethodSource("plans")
    void gradientsAreTheSlopesOfTheLoss(String keys) {
        for (boolean forward : List.of(true, false)) {
            for (boolean adjoint : forward ? List.of(false) : List.of(true, false)) {
                check(keys, forward, adjoint, new ScalarMatrixKernels());
                check(keys, forward, adjoint, new PanamaMatrixKernels());
            }
        }
    }

    private void check(String keys, boolean forward, boolean adjoint, MatrixKernels kernels) {
        TwhinPlan plan = TestData.twhin(
                keys + ", comparator: dot, dimension: 6, batch-size: 16, negatives-weight: 2, scale: 1.5");
        Batch batch = new Batch(plan, kernels, 2, 7);
        float[] from = forward ? users : topics;
        float[] to = forward ? topics : users;
        boolean all = plan.negatives() == Negatives.ALL;
        if (all) {
            Block.Queries queries = block.queries(forward, 2);
            int[] order = new int[queries.count()];
            Arrays.setAll(order, i -> i);
            batch.fillQueries(block, 0, forward, queries, order, 0, order.length, to.length / D, random);
        } else {
            int[] order = {0, 1, 2, 3, 4, 5, 6, 7, 8};
            batch.fillEdges(block, 0, forward, order, 0, order.length, to.length / D, random);
        }
        compute(batch, from, to, adjoint);
        if (plan.dropout() > 0) {
            assertThat(Arrays.copyOf(batch.q, batch.queries * D))
                    .as("some are left out")
                    .contains(0);
            float[] others = Arrays.copyOf(batch.q, batch.queries * D);
            Arrays.sort(others);
            assertThat(others[others.length - 1]).as("some are not").isPositive();
        }
        float[] fromSlopes = new float[from.length];
        float[] toSlopes = new float[to.length];
        float[] thetaSlopes = new float[theta.length];
        float[] biasSlopes = new float[bias.length];
        scatter(batch.queryEntity, batch.queries, batch.queryGradients, fromSlopes, D);
        if (all) {
            for (int i = 0; i < to.length; i++) {
                toSlopes[i] += batch.candidateGradients[i];
            }
        } else {
            if (!plan.negativesInBatch()) {
                scatter(batch.target, batch.targets, batch.targetGradients, toSlopes, D);
            }
            scatter(batch.candidate, batch.candidates, batch.candidateGradients, toSlopes, D);
        }
        scatter(batch.relations, batch.relationCount, batch.relationGradients, thetaSlopes, D);
        scatter(batch.relations, batch.relationCount, batch.biasGradients, biasSlopes, 1);

        compare(batch, plan, from, to, adjoint, from, fromSlopes);
        compare(batch, plan, from, to, adjoint, to, toSlopes);
        compare(batch, plan, from, to, adjoint, theta, thetaSlopes);
        if (plan.loss() == TwhinPlan.Loss.LOGISTIC) {
            compare(batch, plan, from, to, adjoint, bias, biasSlopes);
        }
    }

    @Test
    void aDrawnEntityThatIsTheEdgesOwnEndDoesNotCountAgainstIt() {
        TwhinPlan plan = TestData.twhin("comparator: dot, dimension: 6, batch-size: 16, negatives-uniform: 5");
        Batch batch = new Batch(plan, new ScalarMatrixKernels(), 2, 7);
        batch.fillEdges(block, 0, true, new int[] {0, 0, 0}, 0, 3, 1, random); // of one entity, x, which is the tail
        for (int j = plan.negativesUniform(); j < batch.candidates; j++) {
            batch.candidate[j] = batch.target[0];
        }
        assertThat(batch.candidate).startsWith(0, 0, 0, 0, 0);
        batch.fillEdges(block, 0, true, new int[] {0, 0, 0}, 0, 3, 1, random);
        compute(batch, users, topics, false);
        for (int j = 0; j < plan.negativesUniform() * D; j++) {
            assertThat(batch.candidateGradients[j]).isZero();
        }
        assertThat(batch.targetGradients[0]).isNotZero();
    }

    @Test
    void negativesAreDrawnEvenlyAndAsOftenAsEdgesNameThem() {
        for (int prevalence : new int[] {0, 3_000}) {
            TwhinPlan plan = TestData.twhin(
                    "comparator: dot, dimension: 6, batch-size: 16, negatives-uniform: 3000, negatives-prevalence: "
                            + prevalence);
            Batch batch = new Batch(plan, new ScalarMatrixKernels(), 2, 7);
            batch.fillEdges(block, 0, true, new int[] {0}, 0, 1, 7, random); // 4 topics of edges, and 3 of none
            assertThat(batch.candidates).isEqualTo(3_000 + prevalence);
            int[] named = new int[7];
            for (int tail : block.tails) {
                named[tail]++;
            }
            int[] even = new int[7];
            int[] often = new int[7];
            for (int j = 0; j < batch.candidates; j++) {
                (j < 3_000 ? even : often)[batch.candidate[j]]++;
            }
            for (int topic = 0; topic < 7; topic++) {
                assertThat(even[topic] / 3_000.0).isCloseTo(1 / 7.0, within(0.04));
                assertThat(often[topic] / 3_000.0)
                        .isCloseTo(prevalence == 0 ? 0 : named[topic] / 9.0, within(named[topic] == 0 ? 0 : 0.05));
            }
        }
    }

    @Test
    void queriesHoldEveryEdgeOnceAndNeverTooMany() {
        for (int round = 0; round < 4; round++) {
            boolean forward = round % 2 == 0;
            int most = 1 + round / 2;
            Block.Queries queries = block.queries(forward, most);
            assertThat(queries.order()).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 6, 7, 8);
            int[][] shared = new int[2][7];
            for (int edge = 0; edge < block.edges(); edge++) {
                shared[block.relation(edge)][(forward ? block.heads : block.tails)[edge]]++;
            }
            int fewest = Arrays.stream(shared)
                    .flatMapToInt(Arrays::stream)
                    .map(edges -> Math.ceilDiv(edges, most))
                    .sum();
            assertThat(queries.count()).isEqualTo(fewest);
            assertThat(queries.offsets()).startsWith(0).endsWith(block.edges());
            for (int i = 0; i < queries.count(); i++) {
                int from = queries.offsets()[i];
                int to = queries.offsets()[i + 1];
                assertThat(to - from).isBetween(1, most);
                for (int at = from + 1; at < to; at++) {
                    int edge = queries.order()[at];
                    int first = queries.order()[from];
                    assertThat(block.relation(edge)).isEqualTo(block.relation(first));
                    int[] ends = forward ? block.heads : block.tails;
                    assertThat(ends[edge]).isEqualTo(ends[first]);
                }
            }
        }
    }

    /** Small enough that no probability comes near 0 or 1, where the loss itself is too coarse to take slopes of. */
    private float[] small(int n) {
        float[] values = TestData.gaussian(n, random);
        for (int i = 0; i < n; i++) {
            values[i] *= 0.4f;
        }
        return values;
    }

    private void compute(Batch batch, float[] from, float[] to, boolean adjoint) {
        batch.compute(from, to, theta, adjoint, bias, Integer.MAX_VALUE);
    }

    /** The penalties on the rows of every edge: λ/2 |x|² on its ends, and λ Σ |x|³ on them and on its relation. */
    private double penalty(Batch batch, TwhinPlan plan, float[] from, float[] to) {
        double penalty = 0;
        for (int i = 0; i < batch.queries; i++) {
            for (int j = batch.firstTarget[i]; j < batch.firstTarget[i + 1]; j++) {
                double squares = squares(from, batch.queryEntity[i]) + squares(to, batch.target[j]);
                double cubes = cubes(plan.operator(), from, batch.queryEntity[i])
                        + cubes(plan.operator(), to, batch.target[j])
                        + (plan.operator() == Operator.IDENTITY
                                ? 0
                                : cubes(plan.operator(), theta, batch.queryRelation[i]));
                penalty += 1.25 * (plan.regularisation() / 2 * squares + plan.regularisationN3() * cubes);
            }
        }
        return penalty;
    }

    private static double squares(float[] rows, int row) {
        double sum = 0;
        for (int j = row * D; j < row * D + D; j++) {
            sum += (double) rows[j] * rows[j];
        }
        return sum;
    }

    private static double cubes(Operator operator, float[] rows, int row) {
        double sum = 0;
        for (int j = row * D; j < row * D + D; j++) {
            boolean complex = operator == Operator.COMPLEX_DIAGONAL;
            double modulus =
                    !complex ? Math.abs(rows[j]) : j < row * D + D / 2 ? Math.hypot(rows[j], rows[j + D / 2]) : 0;
            sum += modulus * modulus * modulus;
        }
        return sum;
    }

    private void compare(
            Batch batch,
            TwhinPlan plan,
            float[] from,
            float[] to,
            boolean adjoint,
            float[] parameters,
            float[] slopes) {
        for (int i = 0; i < parameters.length; i++) {
            float value = parameters[i];
            parameters[i] = value + STEP;
            compute(batch, from, to, adjoint);
            double above = batch.loss() + penalty(batch, plan, from, to);
            parameters[i] = value - STEP;
            compute(batch, from, to, adjoint);
            double below = batch.loss() + penalty(batch, plan, from, to);
            parameters[i] = value;
            double slope = (above - below) / (2 * STEP);
            assertThat((double) slopes[i])
                    .as("parameter %s", i)
                    .isCloseTo(slope, within(4e-3 + 4e-3 * Math.abs(slope)));
        }
    }

    private static void scatter(int[] rows, int count, float[] gradients, float[] into, int d) {
        for (int i = 0; i < count; i++) {
            for (int j = 0; j < d; j++) {
                into[rows[i] * d + j] += gradients[i * d + j];
            }
        }
    }
}
