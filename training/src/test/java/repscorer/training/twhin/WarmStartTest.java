package repscorer.training.twhin;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.assertj.core.data.Offset;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import repscorer.core.entity.EntityKind;
import repscorer.training.TestData;
import repscorer.training.graph.EdgeReader;
import repscorer.training.graph.Graph;
import repscorer.training.plan.TrainingPlan;
import repscorer.training.plan.TwhinPlan;
import repscorer.training.plan.TwhinPlan.Optimiser;
import repscorer.training.plan.YamlFiles;
import repscorer.training.progress.TrainingProgress;

/** What a warm start begins with, and how its pull holds rows there. */
class WarmStartTest {

    private static final int D = 8;

    /** Steps so short that the rows are those that training began with. */
    private static final String STILL =
            "dimension: 8, epochs: 1, batch-size: 16, negatives-uniform: 4, negatives-prevalence: 4, learning-rate: 1e-9, ";

    @TempDir
    Path directory;

    /** Users 0 to 9 in a ring; "new" follows 1 and 2 and is followed by 3; "newer" follows "new"; "lone" knows "newer" alone. */
    private Graph ring() throws IOException {
        StringBuilder rows = new StringBuilder();
        for (int u = 0; u < 10; u++) {
            rows.append(u).append('\t').append((u + 1) % 10).append('\n');
        }
        rows.append("new\t1\nnew\t2\n3\tnew\nnewer\tnew\nlone\tnewer\n");
        Files.writeString(directory.resolve("f.tsv"), rows);
        Files.writeString(directory.resolve("l.tsv"), "4\ta\n5\ta\n6\tb\nnew\tb\n");
        TrainingPlan plan = YamlFiles.parse(Path.of("p.yaml"), """
                name: p
                twhin: {dimension: 8}
                relations:
                  - {name: follow, files: [f.tsv], head: user, tail: user}
                  - {name: like, files: [l.tsv], head: user, tail: tweet}
                """, TrainingPlan.class);
        return EdgeReader.read(plan, directory, TrainingProgress.NONE).graph();
    }

    /** Unit vectors of the numbered users and of tweet a, by value. */
    private static Map<String, float[]> earlier() {
        SplittableRandom random = new SplittableRandom(3);
        Map<String, float[]> vectors = new HashMap<>();
        for (String value : "0 1 2 3 4 5 6 7 8 9 a".split(" ")) {
            vectors.put(value, unit(TestData.gaussian(D, random)));
        }
        return vectors;
    }

    private static float[] earlier(String value) {
        return requireNonNull(earlier().get(value));
    }

    private static float[] unit(float[] values) {
        double squares = 0;
        for (float value : values) {
            squares += (double) value * value;
        }
        float[] scaled = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            scaled[i] = (float) (values[i] / Math.sqrt(squares));
        }
        return scaled;
    }

    private static TwhinModel train(
            Graph graph, String keys, double pull, Function<String, float @Nullable []> relations) throws IOException {
        Map<String, float[]> earlier = earlier();
        WarmStart start = new WarmStart(
                Path.of("earlier"),
                Map.of(EntityKind.USER, earlier::get, EntityKind.TWEET, earlier::get),
                relations,
                Map.of(),
                id -> null,
                pull);
        TwhinPlan plan = TestData.twhin(keys);
        TwhinOptions options = new TwhinOptions(Optional.empty(), Optional.empty(), false, Optional.of(start));
        return TwhinTrainer.train(graph, plan, 5, 1, options, TrainingProgress.NONE);
    }

    private static float[] row(TwhinModel model, Graph graph, EntityKind kind, String value) {
        float[] into = new float[D];
        model.vectors(kind).copy(graph.entities(kind).ordinal(value), into);
        return into;
    }

    private static float[] sum(float[]... vectors) {
        float[] sum = new float[D];
        for (float[] vector : vectors) {
            for (int j = 0; j < D; j++) {
                sum[j] += vector[j];
            }
        }
        return sum;
    }

    @Test
    @DisplayName("S13: newcomers begin at the mean of the known ones at both ends of all their edges")
    void newcomersBeginAtTheMeanOfTheirNeighbours() throws IOException {
        Graph graph = ring();
        TwhinModel model = train(graph, STILL + "comparator: cosine", 0, relation -> null);
        Offset<Float> close = Offset.offset(1e-5f);
        for (int u = 0; u < 10; u++) {
            assertThat(row(model, graph, EntityKind.USER, "" + u)).containsExactly(earlier("" + u), close);
        }
        assertThat(row(model, graph, EntityKind.TWEET, "a")).containsExactly(earlier("a"), close);
        assertThat(row(model, graph, EntityKind.USER, "new"))
                .as("follows 1 and 2, followed by 3; who is new too does not count")
                .containsExactly(unit(sum(earlier("1"), earlier("2"), earlier("3"))), close);
        assertThat(row(model, graph, EntityKind.TWEET, "b"))
                .as("liked by 6 and by a new one")
                .containsExactly(earlier("6"), close);
        for (String stranger : new String[] {"newer", "lone"}) {
            float[] drawn = row(model, graph, EntityKind.USER, stranger);
            assertThat(drawn).as("drawn by chance").containsExactly(unit(drawn), close);
        }
        assertThat(row(model, graph, EntityKind.USER, "newer"))
                .isNotEqualTo(row(model, graph, EntityKind.USER, "lone"));
    }

    @Test
    @DisplayName("S13: rows that are not on the sphere begin at the plain mean")
    void freeRowsBeginAtThePlainMean() throws IOException {
        Graph graph = ring();
        TwhinModel model = train(graph, STILL + "comparator: dot", 0, relation -> null);
        float[] mean = sum(earlier("1"), earlier("2"), earlier("3"));
        for (int j = 0; j < D; j++) {
            mean[j] /= 3;
        }
        assertThat(row(model, graph, EntityKind.USER, "new")).containsExactly(mean, Offset.offset(1e-5f));
    }

    @Test
    @DisplayName("S13: relations begin where they ended, each way by its own name")
    void relationsBeginWhereTheyEnded() throws IOException {
        Graph graph = ring();
        Map<String, float[]> relations = Map.of(
                "follow", new float[] {1, 2, 3, 4, 5, 6, 7, 8},
                "like^-1", new float[] {8, 7, 6, 5, 4, 3, 2, 1});
        TwhinModel model = train(graph, STILL + "comparator: cosine, reciprocal: true", 0, relations::get);
        Offset<Float> close = Offset.offset(1e-5f);
        float[] values = new float[2 * D];
        System.arraycopy(relations.get("follow"), 0, values, 0, D);
        assertThat(model.relations()).containsExactly(values, close);
        float[] inverses = new float[2 * D];
        System.arraycopy(relations.get("like^-1"), 0, inverses, D, D);
        assertThat(model.inverses().orElseThrow()).containsExactly(inverses, close);
        TwhinModel one = train(graph, STILL + "comparator: cosine", 0, relations::get);
        assertThat(one.inverses()).isEmpty();
        assertThat(one.relations()).containsExactly(values, close);
    }

    @Test
    void vectorsOfAnotherDimensionAreRefused() throws IOException {
        Graph graph = ring();
        assertThatThrownBy(() -> train(graph, STILL + "comparator: cosine", 0, relation -> new float[3]))
                .hasMessage("a warm start needs vectors of the plan's dimension: 8, got 3");
    }

    @Test
    void aPullIsZeroToAThousand() {
        assertThat(new WarmStart(Path.of("r"), Map.of(), r -> null, Map.of(), r -> null, 1000).pull())
                .isEqualTo(1000);
        assertThat(new WarmStart(Path.of("r"), Map.of(), r -> null, Map.of(), r -> null, 0).pull())
                .isZero();
        for (double pull : new double[] {-0.1, 1000.1, Double.NaN}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new WarmStart(Path.of("r"), Map.of(), r -> null, Map.of(), r -> null, pull))
                    .withMessage("pull must be 0 to 1000: " + pull);
        }
    }

    /** The mean distance of the known users' rows from where they began. */
    private static double moved(TwhinModel model, Graph graph) {
        double sum = 0;
        for (int u = 0; u < 10; u++) {
            sum += distance(row(model, graph, EntityKind.USER, "" + u), earlier("" + u));
        }
        return sum / 10;
    }

    private static double distance(float[] a, float[] b) {
        double squares = 0;
        for (int j = 0; j < a.length; j++) {
            squares += Math.pow((double) a[j] - b[j], 2);
        }
        return Math.sqrt(squares);
    }

    @ParameterizedTest
    @ValueSource(strings = {"comparator: cosine", "comparator: dot", "comparator: cosine, optimiser: adagrad"})
    @DisplayName("S13: a strong pull holds a training where it began, and none lets it go")
    void aStrongPullHoldsRowsWhereTheyBegan(String keys) throws IOException {
        Graph graph = ring();
        String run =
                "dimension: 8, epochs: 20, batch-size: 16, negatives-uniform: 4, negatives-prevalence: 4, learning-rate: 0.02, "
                        + keys;
        double free = moved(train(graph, run, 0, relation -> null), graph);
        double held = moved(train(graph, run, 1000, relation -> null), graph);
        assertThat(free).isGreaterThan(0.15);
        assertThat(held).isLessThan(free / 3);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @DisplayName("S13: the pull of a step points to where the row began, and its strength is λ")
    void thePullPointsToWhereTheRowBegan(boolean unit) {
        for (Optimiser optimiser : Optimiser.values()) {
            float[] began = earlier("1");
            float[] now = unit(sum(began, earlier("2")));
            float[] gradient = {0.3f, -0.1f, 0.2f, 0, 0.1f, -0.4f, 0, 0.2f};

            Table still = table(unit, optimiser, began, now, 0);
            still.update(0, new float[D], 0, 0.05f);
            assertThat(still.rows).as("no pull, no gradient").containsExactly(now, Offset.offset(1e-6f));

            Table pulled = table(unit, optimiser, began, now, 0.5f);
            pulled.update(0, new float[D], 0, 0.05f);
            assertThat(distance(pulled.rows, began)).isLessThan(distance(now, began) - 0.01);

            float[] both = gradient.clone();
            for (int j = 0; j < D; j++) {
                both[j] += 0.5f * (now[j] - began[j]);
            }
            Table byHand = table(unit, optimiser, began, now, 0);
            byHand.update(0, both, 0, 0.05f);
            Table held = table(unit, optimiser, began, now, 0.5f);
            held.update(0, gradient, 0, 0.05f);
            assertThat(held.rows).containsExactly(byHand.rows, Offset.offset(1e-6f));
        }
    }

    private static Table table(boolean unit, Optimiser optimiser, float[] began, float[] now, float pull) {
        Table table = new Table(1, D, unit, optimiser);
        System.arraycopy(began, 0, table.rows, 0, D);
        table.holdBy(pull);
        System.arraycopy(now, 0, table.rows, 0, D);
        return table;
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("S13: who is known goes on with steps of the size that Adagrad had come to, and so do relations")
    void stepsGoOnAtTheSizeTheyHad(Optimiser optimiser) throws IOException {
        Graph graph = ring();
        Map<String, float[]> earlier = earlier();
        Map<EntityKind, Table> tables = new HashMap<>();
        graph.entities().forEach((kind, index) -> tables.put(kind, new Table(index.count(), D, true, optimiser)));
        TwhinPlan plan = TestData.twhin("dimension: 8, reciprocal: true, optimiser: "
                + (optimiser == Optimiser.ADAGRAD ? "adagrad" : "row-adagrad"));
        RelationTables relations = RelationTables.of(2, plan, new SplittableRandom(1));
        WarmStarts.apply(
                new WarmStart(
                        Path.of("earlier"),
                        Map.of(EntityKind.USER, earlier::get, EntityKind.TWEET, earlier::get),
                        name -> null,
                        Map.of(EntityKind.USER, user -> user.equals("7") ? null : new float[] {0.25f * user.length()}),
                        name -> switch (name) {
                            case "follow" -> new float[] {1.5f, -0.75f, 2.5f};
                            case "like^-1" -> new float[] {3.5f};
                            default -> null;
                        },
                        0),
                graph,
                tables,
                relations);
        float[] sums = requireNonNull(tables.get(EntityKind.USER)).rowSums();
        for (int row = 0; row < sums.length; row++) {
            String user = graph.entities(EntityKind.USER).value(row);
            if (user.equals("new")) {
                float[] began =
                        Arrays.copyOfRange(requireNonNull(tables.get(EntityKind.USER)).rows, row * D, row * D + D);
                assertThat(began)
                        .containsExactly(unit(sum(earlier("1"), earlier("2"), earlier("3"))), Offset.offset(1e-5f));
            }
            assertThat(sums[row]).as(user).isEqualTo(earlier.containsKey(user) && !user.equals("7") ? 0.25f : 0);
        }
        assertThat(requireNonNull(tables.get(EntityKind.TWEET)).rowSums()).containsOnly(0);
        assertThat(relations.values().rowSums()).containsExactly(1.5f, 0);
        assertThat(relations.biases().rows).containsExactly(-0.75f, 0);
        assertThat(relations.biases().rowSums()).containsExactly(2.5f, 0);
        assertThat(relations.inverses().rowSums()).containsExactly(0, 3.5f);
    }
}
