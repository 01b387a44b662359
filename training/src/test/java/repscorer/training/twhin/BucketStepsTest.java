package repscorer.training.twhin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import repscorer.core.entity.EntityKind;
import repscorer.training.TestData;
import repscorer.training.graph.EdgeReader;
import repscorer.training.graph.Graph;
import repscorer.training.graph.HoldOut;
import repscorer.training.plan.TrainingPlan;
import repscorer.training.plan.TwhinPlan;
import repscorer.training.plan.TwhinPlan.Negatives;
import repscorer.training.plan.YamlFiles;
import repscorer.training.progress.TrainingProgress;

/**
 * A pass over all edges beside one that takes its batches one by one and applies them row by row. What one batch computes and what
 * one step does to a row have tests of their own.
 */
class BucketStepsTest {

    private static final int D = 4;
    private static final long SEED = 77;
    private static final String KEYS =
            "dimension: 4, batch-size: 5, comparator: dot, learning-rate: 0.2, regularisation: 0.01, ";

    @TempDir
    Path directory;

    private Graph graph;
    private List<Block> blocks;

    @BeforeEach
    void read() throws IOException {
        SplittableRandom random = new SplittableRandom(3);
        StringBuilder follows = new StringBuilder();
        StringBuilder likes = new StringBuilder();
        for (int u = 0; u < 9; u++) {
            for (int i = 1; i < 4; i++) {
                follows.append("%s\t%s\n".formatted(u, (u + i * (1 + u % 2)) % 9));
            }
            likes.append("%s\tlike\tt%s\n".formatted(u, random.nextInt(4)));
            likes.append("%s\t%s\tt%s\n".formatted(u, u % 3 == 0 ? "like" : "share", 4 + random.nextInt(2)));
        }
        Files.writeString(directory.resolve("f.tsv"), follows);
        Files.writeString(directory.resolve("l.tsv"), likes);
        TrainingPlan plan = YamlFiles.parse(Path.of("p.yaml"), """
                name: p
                twhin: {}
                relations:
                  - {name: follow, files: [f.tsv], head: user, tail: user}
                  - {name: fact, files: [l.tsv], columns: [head, relation, tail], head: user, tail: topic}
                """, TrainingPlan.class);
        graph = EdgeReader.read(plan, directory, TrainingProgress.NONE).graph();
        blocks = Block.of(graph);
        assertThat(blocks).hasSize(2);
        assertThat(graph.relations()).as("two of one block").hasSize(3);
    }

    /** All that is learnt, from the same start each time. */
    private final class Learnt {
        final Map<EntityKind, Table> tables = new LinkedHashMap<>();
        final RelationTables relations;
        final Buckets.Bucket bucket = new Buckets.Bucket(blocks, new ArrayList<>(), new ArrayList<>());
        final TrainingState state = new TrainingState();
        final List<Long> told = new ArrayList<>();
        long asked;
        long stopsAt = Long.MAX_VALUE;

        Learnt(TwhinPlan plan) {
            SplittableRandom random = new SplittableRandom(5);
            graph.entities().forEach((kind, index) -> {
                Table table = new Table(index.count(), D, false, plan.optimiser());
                table.initialise(random.split(), 1);
                tables.put(kind, table);
            });
            relations = RelationTables.of(3, plan, random);
            for (Block block : blocks) {
                bucket.heads()
                        .add(Objects.requireNonNull(
                                tables.get(block.first.plan().head())));
                bucket.tails()
                        .add(Objects.requireNonNull(
                                tables.get(block.first.plan().tail())));
            }
        }

        BucketSteps steps(TwhinPlan plan, int threads) {
            TrainingProgress progress = new TrainingProgress() {
                @Override
                public void report(String stage, long done, long total, String note) {
                    told.add(done);
                }

                @Override
                public boolean cancelled() {
                    return ++asked >= stopsAt;
                }
            };
            return new BucketSteps(
                    plan, threads, blocks, relations, 9, state, new Pace(progress, state, 2 * graph.edges()));
        }

        List<float[]> values() {
            List<float[]> values = new ArrayList<>();
            tables.values().forEach(table -> values.add(table.rows));
            tables.values().forEach(table -> values.add(table.squares));
            relations.all().forEach(table -> values.add(table.rows));
            relations.all().forEach(table -> values.add(table.squares));
            return values;
        }
    }

    /** Edges, or queries, of one block and one way. */
    private record Part(int block, boolean forward, int[] order, int from, int to) {}

    private static void cut(List<Part> into, int block, boolean forward, int[] order, int batchSize) {
        for (int from = 0; from < order.length; from += batchSize) {
            into.add(new Part(block, forward, order, from, Math.min(order.length, from + batchSize)));
        }
    }

    /** The pass by its definition: several batches from the same vectors, then each of them applied whole. */
    private void passByHand(TwhinPlan plan, Learnt learnt) {
        SplittableRandom random = new SplittableRandom(SEED);
        boolean all = plan.negatives() == Negatives.ALL;
        List<Part> parts = new ArrayList<>();
        for (int block = 0; block < blocks.size(); block++) {
            int[] shared = all ? new int[0] : HoldOut.shuffled(blocks.get(block).edges(), random);
            for (boolean forward : new boolean[] {true, false}) {
                int[] order = all
                        ? HoldOut.shuffled(
                                blocks.get(block).queries(forward, 16).count(), random)
                        : shared;
                cut(parts, block, forward, order, plan.batchSize());
            }
        }
        int[] sequence = HoldOut.shuffled(parts.size(), random);
        long seed = random.nextLong();
        int lanes = all ? 2 : 4;
        for (int first = 0; first < parts.size(); first += lanes) {
            List<Batch> batches = new ArrayList<>();
            for (int i = first; i < Math.min(parts.size(), first + lanes); i++) {
                batches.add(computed(plan, learnt, parts.get(sequence[i]), new SplittableRandom(seed + i)));
            }
            for (Batch batch : batches) {
                apply(plan, learnt, batch);
                learnt.state.lossSum += batch.loss();
                learnt.state.lossWeight += batch.lossWeight();
            }
        }
    }

    private Batch computed(TwhinPlan plan, Learnt learnt, Part part, SplittableRandom random) {
        Batch batch = new Batch(plan, MatrixKernels.best(), 3, 9);
        Block block = blocks.get(part.block);
        Table heads = learnt.bucket.heads().get(part.block);
        Table tails = learnt.bucket.tails().get(part.block);
        Table from = part.forward ? heads : tails;
        Table to = part.forward ? tails : heads;
        if (plan.negatives() == Negatives.ALL) {
            batch.fillQueries(
                    block,
                    part.block,
                    part.forward,
                    block.queries(part.forward, 16),
                    part.order,
                    part.from,
                    part.to,
                    to.count,
                    random);
        } else {
            batch.fillEdges(block, part.block, part.forward, part.order, part.from, part.to, to.count, random);
        }
        Table theta = part.forward || !plan.reciprocal() ? learnt.relations.values() : learnt.relations.inverses();
        boolean adjoint = !part.forward && !plan.reciprocal();
        batch.compute(from.rows, to.rows, theta.rows, adjoint, learnt.relations.biases().rows, 4);
        return batch;
    }

    private static void apply(TwhinPlan plan, Learnt learnt, Batch batch) {
        Table heads = learnt.bucket.heads().get(batch.block);
        Table tails = learnt.bucket.tails().get(batch.block);
        Table from = batch.forward ? heads : tails;
        Table to = batch.forward ? tails : heads;
        boolean all = plan.negatives() == Negatives.ALL;
        for (int i = 0; i < batch.queries; i++) {
            if (all && from == to) {
                for (int j = 0; j < D; j++) {
                    batch.candidateGradients[batch.queryEntity[i] * D + j] += batch.queryGradients[i * D + j];
                }
            } else {
                from.update(batch.queryEntity[i], batch.queryGradients, i * D, 0.2f);
            }
        }
        for (int i = 0; i < batch.targets && !all && !plan.negativesInBatch(); i++) {
            to.update(batch.target[i], batch.targetGradients, i * D, 0.2f);
        }
        for (int i = 0; i < batch.candidates; i++) {
            to.update(all ? i : batch.candidate[i], batch.candidateGradients, i * D, 0.2f);
        }
        Table theta = batch.forward || !plan.reciprocal() ? learnt.relations.values() : learnt.relations.inverses();
        for (int slot = 0; slot < batch.relationCount; slot++) {
            theta.update(batch.relations[slot], batch.relationGradients, slot * D, 0.2f);
            learnt.relations.biases().update(batch.relations[slot], batch.biasGradients, slot, 2f);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "negatives: all, loss: softmax, operator: identity",
                "negatives: all, loss: logistic, operator: translation, optimiser: adagrad",
                "negatives-uniform: 3, negatives-prevalence: 2, loss: logistic, operator: translation",
                "negatives-uniform: 2, negatives-prevalence: 2, loss: softmax, operator: diagonal, reciprocal: true",
                "negatives-uniform: 2, negatives-prevalence: 0, negatives-in-batch: true, loss: softmax, operator: translation"
            })
    @DisplayName(
            "S13: a pass takes every edge once each way and applies each batch to every row it touches, on any threads")
    void aPassAppliesEveryBatchToEveryRow(String keys) {
        TwhinPlan plan = TestData.twhin(KEYS + keys);
        Learnt expected = new Learnt(plan);
        passByHand(plan, expected);
        for (int threads : new int[] {1, 3}) {
            Learnt learnt = new Learnt(plan);
            learnt.steps(plan, threads).run(learnt.bucket, new SplittableRandom(SEED));
            assertThat(learnt.values()).usingRecursiveComparison().isEqualTo(expected.values());
            assertThat(learnt.state.lossSum).isEqualTo(expected.state.lossSum);
            assertThat(learnt.state.lossWeight).isEqualTo(expected.state.lossWeight);
            assertThat(learnt.state.halfEdges).isEqualTo(2L * graph.edges());
            assertThat(learnt.told.getLast()).isEqualTo(graph.edges());
        }
    }

    @Test
    @DisplayName("S13: a pass that is stopped goes on where it was")
    void aPassThatIsStoppedGoesOn() {
        TwhinPlan plan = TestData.twhin(KEYS + "negatives-uniform: 3, negatives-prevalence: 2");
        Learnt expected = new Learnt(plan);
        passByHand(plan, expected);
        Learnt learnt = new Learnt(plan);
        learnt.stopsAt = 1;
        assertThatExceptionOfType(CancellationException.class)
                .isThrownBy(() -> learnt.steps(plan, 1).run(learnt.bucket, new SplittableRandom(SEED)));
        assertThat(learnt.state.step).isEqualTo(4);
        assertThat(learnt.state.halfEdges).isBetween(4L, 20L);
        learnt.stopsAt = Long.MAX_VALUE;
        learnt.steps(plan, 1).run(learnt.bucket, new SplittableRandom(SEED));
        assertThat(learnt.values()).usingRecursiveComparison().isEqualTo(expected.values());
        assertThat(learnt.state.lossSum).isEqualTo(expected.state.lossSum);
        assertThat(learnt.state.halfEdges).isEqualTo(2L * graph.edges());
    }

    @Test
    @DisplayName("S13: a pass whose thread is interrupted is cancelled, and the thread knows")
    void anInterruptCancelsAPass() {
        TwhinPlan plan = TestData.twhin(KEYS + "negatives-uniform: 3, negatives-prevalence: 2");
        Learnt learnt = new Learnt(plan);
        Thread.currentThread().interrupt();
        try {
            assertThatExceptionOfType(CancellationException.class)
                    .isThrownBy(() -> learnt.steps(plan, 2).run(learnt.bucket, new SplittableRandom(SEED)));
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }
}
