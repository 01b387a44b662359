package repscorer.training.twhin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import repscorer.core.entity.EntityKind;
import repscorer.testing.PlantedGraph;
import repscorer.testing.Seeds;
import repscorer.training.TestData;
import repscorer.training.graph.EdgeReader;
import repscorer.training.graph.Graph;
import repscorer.training.plan.TrainingPlan;
import repscorer.training.plan.YamlFiles;
import repscorer.training.progress.TrainingProgress;

/** Cold trainings of a planted graph from other edges, other orders and other seeds: where their rows of one id lie. */
class HashedStartTest {

    private static final EntityKind USER = EntityKind.USER;
    private static final int USERS = 240;
    private static final int COMMUNITIES = 8;
    private static final int D = 16;
    private static final String RUN =
            "dimension: 16, epochs: 8, batch-size: 64, negatives-uniform: 32, negatives-prevalence: 32";

    @TempDir
    Path directory;

    private final PlantedGraph planted = PlantedGraph.draw(Seeds.fixed(8), USERS, COMMUNITIES, 14, 0.1);

    /** Some of the edges, in an order of chance. */
    private Graph graph(double share, int seed) throws IOException {
        Random random = new Random(seed);
        List<String> edges = new ArrayList<>();
        for (int[] edge : planted.edges()) {
            if (random.nextDouble() < share) {
                edges.add("%s\t%s".formatted(edge[0], edge[1]));
            }
        }
        Collections.shuffle(edges, random);
        Files.write(directory.resolve("f.tsv"), edges);
        TrainingPlan plan = YamlFiles.parse(Path.of("p.yaml"), """
                name: p
                twhin: {dimension: 16}
                relations: [{name: follow, files: [f.tsv], head: user, tail: user}]
                """, TrainingPlan.class);
        return EdgeReader.read(plan, directory, TrainingProgress.NONE).graph();
    }

    private static TwhinModel train(Graph graph, String keys, long seed) {
        return TwhinTrainer.train(graph, TestData.twhin(RUN + ", " + keys), seed, 1, TrainingProgress.NONE);
    }

    /** The mean cosine of both rows of each user. */
    private static double cosine(Graph a, TwhinModel one, Graph b, TwhinModel two) {
        double sum = 0;
        for (int user = 0; user < USERS; user++) {
            sum += cosine(row(a, one, user), row(b, two, user));
        }
        return sum / USERS;
    }

    private static float[] row(Graph graph, TwhinModel model, int user) {
        float[] row = new float[D];
        model.vectors(USER).copy(graph.entities(USER).ordinal(Integer.toString(user)), row);
        return row;
    }

    private static double cosine(float[] a, float[] b) {
        double dot = 0;
        double squaresA = 0;
        double squaresB = 0;
        for (int j = 0; j < a.length; j++) {
            dot += (double) a[j] * b[j];
            squaresA += (double) a[j] * a[j];
            squaresB += (double) b[j] * b[j];
        }
        return dot / Math.sqrt(squaresA * squaresB);
    }

    @ParameterizedTest
    @CsvSource({"random, -0.2, 0.2", "hashed, 0.85, 1"})
    @DisplayName(
            "versions of other edges, order and seed lie in the same coordinates where they begin by ids, and nowhere near each other else")
    void versionsLieInTheSameCoordinates(String initial, double least, double most) throws IOException {
        Graph older = graph(0.8, 1);
        Graph newer = graph(0.8, 2);
        double cosine =
                cosine(older, train(older, "initial: " + initial, 5), newer, train(newer, "initial: " + initial, 6));
        assertThat(cosine).isBetween(least, most);
    }

    @ParameterizedTest
    @ValueSource(strings = {"comparator: cosine", "comparator: dot, initial-scale: 0.5, scale: 1"})
    @DisplayName(
            "users of a community begin together and far from others', at the length that is asked for, whatever the seed")
    void communitiesBeginTogether(String keys) throws IOException {
        Graph graph = graph(1, 3);
        String still = "initial: hashed, learning-rate: 1e-9, " + keys;
        TwhinModel start = train(graph, still, 1);
        assertThat(cosine(graph, start, graph, train(graph, still, 2))).isCloseTo(1, within(1e-6));
        double[] sums = new double[2];
        int[] counts = new int[2];
        for (int a = 0; a < USERS; a++) {
            for (int b = 0; b < a; b++) {
                int other = planted.community()[a] == planted.community()[b] ? 0 : 1;
                sums[other] += cosine(row(graph, start, a), row(graph, start, b));
                counts[other]++;
            }
        }
        assertThat(sums[0] / counts[0] - sums[1] / counts[1]).isGreaterThan(0.4);
        double length = keys.contains("dot") ? 0.5 : 1;
        for (int user = 0; user < USERS; user++) {
            float[] row = row(graph, start, user);
            double squares = 0;
            for (float value : row) {
                squares += (double) value * value;
            }
            assertThat(Math.sqrt(squares)).isCloseTo(length, within(1e-4));
        }
    }

    @Test
    @DisplayName("what multiplies rows begins by the relation's name, each way its own")
    void relationsBeginByTheirNames() throws IOException {
        Graph graph = graph(1, 4);
        String keys =
                "initial: hashed, learning-rate: 1e-9, comparator: dot, operator: diagonal, reciprocal: true, loss: softmax";
        TwhinModel one = train(graph, keys, 1);
        TwhinModel two = train(graph, keys, 2);
        assertThat(cosine(one.relations(), two.relations())).isCloseTo(1, within(1e-6));
        assertThat(cosine(one.inverses().orElseThrow(), two.inverses().orElseThrow()))
                .isCloseTo(1, within(1e-6));
        assertThat(Math.abs(cosine(one.relations(), one.inverses().orElseThrow())))
                .isLessThan(0.9);
    }
}
