package repscorer.training.twhin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import org.assertj.core.api.Assertions;
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
import repscorer.training.plan.YamlFiles;
import repscorer.training.progress.TrainingProgress;

/** Whole runs over sixty users in six circles who follow and like within their own: what is trained on is told from the rest. */
class SmallRunsTest {

    private static final String RUN = "dimension: 8, epochs: 12, batch-size: 32, negatives-uniform: 12,"
            + " negatives-prevalence: 12, learning-rate: 0.1";

    @TempDir
    Path directory;

    @SuppressWarnings("NullAway.Init") // read before each test
    private Graph graph;

    @BeforeEach
    void read() throws IOException {
        SplittableRandom random = new SplittableRandom(2);
        StringBuilder follows = new StringBuilder();
        StringBuilder likes = new StringBuilder();
        for (int u = 0; u < 60; u++) {
            for (int i = 1; i <= 4; i++) {
                follows.append(u)
                        .append('\t')
                        .append((u + 6 * random.nextInt(1, 10)) % 60)
                        .append('\n');
            }
            likes.append(u).append("\tt").append(u % 6).append('\n');
        }
        Files.writeString(directory.resolve("f.tsv"), follows);
        Files.writeString(directory.resolve("l.tsv"), likes);
        TrainingPlan plan = YamlFiles.parse(Path.of("p.yaml"), """
                name: p
                twhin: {dimension: 8}
                relations:
                  - {name: follow, files: [f.tsv], head: user, tail: user}
                  - {name: like, files: [l.tsv], head: user, tail: topic}
                """, TrainingPlan.class);
        graph = EdgeReader.read(plan, directory, TrainingProgress.NONE).graph();
    }

    private TwhinModel train(String keys, int threads) {
        return TwhinTrainer.train(graph, TestData.twhin(keys), 5, threads, TrainingProgress.NONE);
    }

    /** How much nearer users of a circle are to each other than to others, by cosine. */
    private double told(TwhinModel model) {
        double[] sums = new double[2];
        int[] counts = new int[2];
        float[] a = new float[model.dimension()];
        float[] b = new float[model.dimension()];
        for (int u = 0; u < 60; u++) {
            for (int v = 0; v < u; v++) {
                row(model, u, a);
                row(model, v, b);
                int same = u % 6 == v % 6 ? 0 : 1;
                sums[same] += dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
                counts[same]++;
            }
        }
        return sums[0] / counts[0] - sums[1] / counts[1];
    }

    private void row(TwhinModel model, int user, float[] into) {
        model.vectors(EntityKind.USER).copy(graph.entities(EntityKind.USER).ordinal(Integer.toString(user)), into);
    }

    private static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int j = 0; j < a.length; j++) {
            sum += (double) a[j] * b[j];
        }
        return sum;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "comparator: cosine",
                "comparator: dot, scale: 1",
                "comparator: cosine, loss: softmax, negatives: all",
                "comparator: dot, loss: softmax, negatives-in-batch: true, scale: 1",
                "comparator: cosine, reciprocal: true, optimiser: adagrad",
                "comparator: dot, operator: complex-diagonal, loss: softmax, negatives: all, regularisation-n3: 0.001,"
                        + " dropout: 0.1, scale: 1",
                "comparator: cosine, partitions: 3",
                "comparator: cosine, smoothing: 1",
                "comparator: cosine, initial: spectral",
                "comparator: cosine, initial: hashed"
            })
    @DisplayName("S13: every kind of run tells circles apart, its loss falls, and threads change nothing")
    void everyKindOfRunTellsCirclesApart(String keys) {
        TwhinModel one = train(RUN + ", " + keys, 1);
        assertThat(one.losses()).hasSize(12);
        assertThat(one.losses().getLast()).isLessThan(one.losses().getFirst() * 0.97);
        Assertions.assertThat(told(one)).as("nearer by").isGreaterThan(0.25);
        TwhinModel two = train(RUN + ", " + keys, 2);
        for (EntityKind kind : graph.entities().keySet()) {
            assertThat(two.rows(kind)).isEqualTo(one.rows(kind));
        }
        assertThat(two.relations()).isEqualTo(one.relations());
        assertThat(two.losses()).isEqualTo(one.losses());
    }

    @ParameterizedTest
    @ValueSource(strings = {"comparator: cosine", "comparator: cosine, partitions: 2"})
    @DisplayName("S13: a run that is cancelled and resumed ends as one that was not, validated as often")
    void aRunThatIsResumedEndsAsOneThatWasNot(String keys) throws IOException {
        HoldOut.Split cut = HoldOut.split(graph, Map.of("follow", 0.1), 3);
        graph = cut.training();
        TwhinPlan plan = TestData.twhin(RUN + ", checkpoint-every: 2, " + keys);
        TwhinModel whole = TwhinTrainer.train(
                graph,
                plan,
                5,
                1,
                new TwhinOptions(Optional.of(cut), Optional.empty(), false, Optional.empty()),
                TrainingProgress.NONE);
        Path file = directory.resolve("c");
        TwhinOptions kept = new TwhinOptions(Optional.of(cut), Optional.of(file), true, Optional.empty());
        int[] asked = new int[1];
        List<Long> before = new ArrayList<>();
        TrainingProgress stops = new TrainingProgress() {
            @Override
            public void report(String stage, long done, long total, String note) {
                before.add(done);
            }

            @Override
            public boolean cancelled() {
                return ++asked[0] == 7;
            }
        };
        Assertions.assertThatExceptionOfType(CancellationException.class)
                .isThrownBy(() -> TwhinTrainer.train(graph, plan, 5, 1, kept, stops));
        assertThat(file).exists();
        List<Long> done = new ArrayList<>();
        TwhinModel resumed = TwhinTrainer.train(graph, plan, 5, 1, kept, (stage, at, total, note) -> done.add(at));
        assertThat(done.getFirst()).as("not from nothing").isPositive().isEqualTo(before.getLast());
        assertThat(done.getLast()).isEqualTo(12 * graph.edges());
        assertThat(resumed.rows(EntityKind.USER)).isEqualTo(whole.rows(EntityKind.USER));
        assertThat(resumed.losses()).isEqualTo(whole.losses());
        assertThat(file).doesNotExist();
    }

    @Test
    @DisplayName("S13: the vectors are those of the best look, and a run that gets no better ends by its patience")
    void theVectorsAreThoseOfTheBestLook() throws IOException {
        TrainingPlan plan = YamlFiles.parse(Path.of("p.yaml"), """
                name: p
                twhin: {dimension: 8}
                hold-out: {follow: 0.1}
                validation: {follow: 0.15}
                relations:
                  - {name: follow, files: [f.tsv], head: user, tail: user}
                  - {name: like, files: [l.tsv], head: user, tail: topic}
                """, TrainingPlan.class);
        HoldOut.Split split = HoldOut.split(EdgeReader.read(plan, directory, TrainingProgress.NONE), plan);
        graph = split.training();
        TwhinOptions options = new TwhinOptions(Optional.of(split), Optional.empty(), false, Optional.empty());
        String keys = "dimension: 8, batch-size: 32, negatives-uniform: 12, negatives-prevalence: 12,"
                + " learning-rate: 0.3, comparator: cosine, ";
        TwhinModel model = TwhinTrainer.train(
                graph,
                TestData.twhin(keys + "epochs: 40, validate-every: 2, patience: 3"),
                5,
                1,
                options,
                TrainingProgress.NONE);
        int best = 0;
        int looks = 0;
        for (Map.Entry<Integer, Double> look : new TreeMap<>(model.validation()).entrySet()) {
            assertThat(look.getKey() % 2).isZero();
            assertThat(look.getValue()).isBetween(0.0, 1.0);
            looks++;
            best = best == 0 || look.getValue() > model.validation().getOrDefault(best, 0.0) ? look.getKey() : best;
        }
        int last = model.losses().size();
        assertThat(looks).isEqualTo(last / 2);
        assertThat(last).as("three looks after the best").isEqualTo(Math.min(40, best + 6));
        TwhinModel upTo = TwhinTrainer.train(
                graph, TestData.twhin(keys + "epochs: " + best), 5, 1, TwhinOptions.NONE, TrainingProgress.NONE);
        for (EntityKind kind : graph.entities().keySet()) {
            assertThat(model.rows(kind)).isEqualTo(upTo.rows(kind));
        }
        assertThat(model.relations()).isEqualTo(upTo.relations());
        assertThat(model.losses().subList(0, best)).isEqualTo(upTo.losses());
        assertThat(upTo.validation()).isEmpty();
        assertThat(model.edgesPerSecond()).isPositive();
    }

    @Test
    @DisplayName("S13: a run that ends without a word goes on from its last checkpoint, and ends as one that did not")
    void aRunThatDiesGoesOnFromItsLastCheckpoint() throws IOException {
        TwhinPlan plan = TestData.twhin(RUN + ", checkpoint-every: 3");
        Path file = directory.resolve("c");
        TwhinOptions kept = new TwhinOptions(Optional.empty(), Optional.of(file), true, Optional.empty());
        List<Boolean> kepts = new ArrayList<>();
        Assertions.assertThatExceptionOfType(RuntimeException.class)
                .isThrownBy(() -> TwhinTrainer.train(graph, plan, 5, 1, kept, (stage, done, total, note) -> {
                    kepts.add(Files.exists(file));
                    if (done > 7L * graph.edges()) {
                        throw new IllegalStateException("the power is gone");
                    }
                }));
        assertThat(kepts.getFirst()).isFalse();
        List<Long> done = new ArrayList<>();
        TwhinModel resumed = TwhinTrainer.train(graph, plan, 5, 1, kept, (stage, at, total, note) -> done.add(at));
        assertThat(done.getFirst()).as("two checkpoints of three epochs").isEqualTo(6L * graph.edges());
        TwhinModel whole = train(RUN, 1);
        assertThat(resumed.rows(EntityKind.USER)).isEqualTo(whole.rows(EntityKind.USER));
        assertThat(resumed.losses()).isEqualTo(whole.losses());
        TwhinTrainer.train(
                graph,
                TestData.twhin(RUN),
                5,
                1,
                kept,
                (stage, at, total, note) -> assertThat(file).doesNotExist());
    }

    @Test
    @DisplayName("S13: a run in partitions is its buckets one after the other, and what the last ones learnt is kept")
    void aRunInPartitionsIsItsBucketsOneAfterTheOther() throws IOException {
        TwhinPlan plan = TestData.twhin(RUN.replace("epochs: 12", "epochs: 2") + ", comparator: cosine, partitions: 2");
        TwhinModel model = train(RUN.replace("epochs: 12", "epochs: 2") + ", comparator: cosine, partitions: 2", 1);
        SplittableRandom random = new SplittableRandom(5);
        List<Block> blocks = Block.of(graph);
        Buckets buckets = new Buckets(graph, plan, blocks, directory, random);
        RelationTables relations = RelationTables.of(2, plan, random);
        TrainingState state = new TrainingState();
        Pace pace = new Pace(TrainingProgress.NONE, state, 4 * graph.edges());
        BucketSteps steps = new BucketSteps(plan, 1, blocks, relations, 0, state, pace);
        for (int epoch = 0; epoch < 2; epoch++) {
            SplittableRandom own = new SplittableRandom(5 * 31 + epoch);
            for (int bucket : buckets.order(own)) {
                steps.run(buckets.enter(bucket), own.split());
                state.endBucket();
            }
            state.endEpoch();
        }
        buckets.store();
        assertThat(model.losses()).isEqualTo(state.losses);
        assertThat(model.relations()).isEqualTo(relations.values().rows);
        buckets.vectors()
                .forEach((kind, vectors) -> assertThat(model.rows(kind)).isEqualTo(vectors.all()));
    }

    @Test
    @DisplayName("S13: every bucket of every epoch is trained on")
    void everyBucketIsTrainedOn() throws IOException {
        List<Long> done = new ArrayList<>();
        TwhinTrainer.train(
                graph,
                TestData.twhin(RUN + ", comparator: cosine, partitions: 3"),
                5,
                1,
                TwhinOptions.NONE,
                (stage, at, total, note) -> done.add(at));
        assertThat(done.get(done.size() - 2)).as("before the end is told").isEqualTo(12L * graph.edges());
        assertThat(done).isSorted();
    }

    @Test
    @DisplayName("S13: a plan's smoothing is what follows training")
    void smoothingFollowsTraining() {
        TwhinModel plain = train(RUN + ", comparator: dot", 1);
        TwhinModel smoothed = train(RUN + ", comparator: dot, smoothing: 2", 1);
        Map<EntityKind, Table> tables = new LinkedHashMap<>();
        graph.entities().forEach((kind, index) -> {
            Table table = new Table(index.count(), 8, false, TwhinPlan.Optimiser.ROW_ADAGRAD);
            System.arraycopy(plain.rows(kind), 0, table.rows, 0, table.rows.length);
            tables.put(kind, table);
        });
        Smoothing.apply(graph, tables, 2);
        tables.forEach((kind, table) -> assertThat(smoothed.rows(kind)).isEqualTo(table.rows));
        assertThat(smoothed.rows(EntityKind.USER)).isNotEqualTo(plain.rows(EntityKind.USER));
    }

    @Test
    @DisplayName("S13: what a run says: its start, its speed, and how far Adagrad has come with each row")
    void aRunTellsHowFarItCame() throws IOException {
        List<String> notes = new ArrayList<>();
        TwhinModel model = TwhinTrainer.train(
                graph,
                TestData.twhin("dimension: 4, epochs: 1, initial: spectral, reciprocal: true"),
                5,
                1,
                TwhinOptions.NONE,
                (stage, at, total, note) -> notes.add(note));
        assertThat(notes).startsWith("spectral start", "").hasSizeGreaterThan(2);
        StepSizes steps = model.steps().orElseThrow();
        assertThat(steps.entities()).containsOnlyKeys(graph.entities().keySet());
        graph.entities().forEach((kind, index) -> {
            float[] sums = steps.entities().getOrDefault(kind, new float[0]);
            assertThat(sums).hasSize(index.count());
            for (float sum : sums) {
                assertThat(sum).isPositive();
            }
        });
        for (float[] each : List.of(steps.relations(), steps.inverses(), steps.biases(), steps.biasSums())) {
            assertThat(each).hasSize(2).doesNotContain(0);
        }
    }

    @Test
    @DisplayName("S13: a run that begins with the spectrum begins where it has the rows")
    void aRunBeginsWhereTheSpectrumHasTheRows() {
        TwhinModel model =
                train("dimension: 4, epochs: 1, initial: spectral, comparator: cosine, learning-rate: 1e-9", 1);
        SplittableRandom random = new SplittableRandom(5);
        Map<EntityKind, Table> tables = new LinkedHashMap<>();
        graph.entities().forEach((kind, index) -> {
            Table table = new Table(index.count(), 4, true, TwhinPlan.Optimiser.ROW_ADAGRAD);
            table.initialise(random.split(), 1);
            tables.put(kind, table);
        });
        SpectralStart.apply(graph, tables, 4, 1);
        tables.forEach(
                (kind, table) -> assertThat(model.rows(kind)).containsExactly(table.rows, Assertions.within(1e-4f)));
    }

    @Test
    @DisplayName("S13: partitions lie where the checkpoint is to be")
    void partitionsLieWhereTheCheckpointIsToBe() {
        TwhinPlan plan = TestData.twhin(RUN + ", comparator: cosine, partitions: 2");
        TwhinOptions nowhere =
                new TwhinOptions(Optional.empty(), Optional.of(directory.resolve("absent/c")), false, Optional.empty());
        Assertions.assertThatExceptionOfType(NoSuchFileException.class)
                .isThrownBy(() -> TwhinTrainer.train(graph, plan, 5, 1, nowhere, TrainingProgress.NONE));
    }
}
