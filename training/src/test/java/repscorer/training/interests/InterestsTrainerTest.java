package repscorer.training.interests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.core.entity.EntityKind;
import repscorer.testing.Seeds;
import repscorer.training.graph.EdgeReader;
import repscorer.training.graph.EntityIndex;
import repscorer.training.graph.Graph;
import repscorer.training.plan.InterestsPlan;
import repscorer.training.plan.TrainingPlan;
import repscorer.training.plan.YamlFiles;
import repscorer.training.progress.TrainingProgress;
import repscorer.vector.SparseVector;

/** Places around four directions; users who visit two of them each, and one who visits none. */
class InterestsTrainerTest {

    private static final int D = 16;
    private static final int GROUPS = 4;
    private static final int PLACES = 80;
    private static final int USERS = 60;
    private static final EntityKind PLACE = new EntityKind("place");
    private static final Offset<Double> CLOSE = Offset.offset(1e-6);

    @TempDir
    Path directory;

    private Graph graph;
    private Map<EntityKind, float[]> vectors;

    @BeforeEach
    void make() throws IOException {
        RandomGenerator random = Seeds.random("InterestsTrainerTest");
        StringBuilder rows = new StringBuilder();
        for (int u = 0; u < USERS; u++) {
            for (int i = 0; i < 6; i++) {
                int group = (u + (i < 4 ? 0 : 1)) % GROUPS;
                rows.append(u)
                        .append('\t')
                        .append(group + GROUPS * ((u + i) % (PLACES / GROUPS)))
                        .append('\n');
            }
        }
        rows.append("newcomer\t0\n");
        Files.writeString(directory.resolve("v.tsv"), rows);
        Files.writeString(directory.resolve("o.tsv"), "idle\t1\n");
        TrainingPlan plan = YamlFiles.parse(Path.of("p.yaml"), """
                name: p
                twhin: {dimension: 16}
                relations:
                  - {name: visit, files: [v.tsv], head: user, tail: place}
                  - {name: own, files: [o.tsv], head: user, tail: place}
                """, TrainingPlan.class);
        graph = EdgeReader.read(plan, directory, TrainingProgress.NONE).graph();
        vectors = Map.of(
                PLACE,
                around(graph.entities(PLACE), random, false),
                EntityKind.USER,
                around(graph.entities(EntityKind.USER), random, true));
    }

    /** Rows near the axis of their number modulo four; who has no number lies at the first. */
    private static float[] around(EntityIndex index, RandomGenerator random, boolean users) {
        float[] rows = new float[index.count() * D];
        for (int i = 0; i < index.count(); i++) {
            String value = index.value(i);
            int group = users && !value.matches("\\d+") ? 0 : Integer.parseInt(value) % GROUPS;
            for (int j = 0; j < D; j++) {
                rows[i * D + j] = (float) (0.02 * random.nextGaussian()) + (j == group ? 2 : 0);
            }
        }
        return rows;
    }

    @Test
    void placesThatPointTheSameWayAreOneInterest() {
        Mixture mixture = train(0, 0);
        EntityIndex places = graph.entities(PLACE);
        assertThat(mixture.interests()).isBetween(2, 12);
        for (int a = 0; a < places.count(); a++) {
            for (int b = 0; b < a; b++) {
                if (mixture.tails()[a].columns()[0] == mixture.tails()[b].columns()[0]) {
                    assertThat(Integer.parseInt(places.value(a)) % GROUPS)
                            .isEqualTo(Integer.parseInt(places.value(b)) % GROUPS);
                }
            }
        }
        for (int c = 0; c < mixture.interests(); c++) {
            double squares = 0;
            for (int j = 0; j < D; j++) {
                squares += Math.pow(mixture.centroids()[c * D + j], 2);
            }
            assertThat(squares).isCloseTo(1, Offset.offset(1e-4));
        }
    }

    @Test
    void sharesOfAnInterestAreItsActionsCountedByHand() {
        Mixture mixture = train(0, 0);
        double[] sums = new double[mixture.interests()];
        for (SparseVector tail : mixture.tails()) {
            sums[tail.columns()[0]] += tail.weights()[0];
        }
        for (double sum : sums) {
            assertThat(sum).isCloseTo(1, Offset.offset(1e-5));
        }
    }

    @Test
    void withoutNeighboursAMixtureIsWhatTheUserDid() {
        Mixture mixture = train(0, 0);
        int user = graph.entities(EntityKind.USER).ordinal("5"); // four visits to group 1, two to group 2
        double first = 0;
        double second = 0;
        for (int i = 0; i < mixture.heads()[user].size(); i++) {
            int group = groupOf(mixture, mixture.heads()[user].columns()[i]);
            first += group == 1 ? mixture.heads()[user].weights()[i] : 0;
            second += group == 2 ? mixture.heads()[user].weights()[i] : 0;
        }
        assertThat(first).isCloseTo(4 / 6.0, CLOSE);
        assertThat(second).isCloseTo(2 / 6.0, CLOSE);
        assertThat(mixture.heads()[graph.entities(EntityKind.USER).ordinal("idle")].isEmpty())
                .isTrue();
    }

    @Test
    void smoothingMovesAMixtureTowardsTheNearestUsersAndKeepsItsSum() {
        Mixture smooth = train(10, 0.5);
        EntityIndex users = graph.entities(EntityKind.USER);
        for (SparseVector head : smooth.heads()) {
            double sum = 0;
            for (float weight : head.weights()) {
                sum += weight;
            }
            assertThat(sum).isCloseTo(1, Offset.offset(1e-4));
        }
        // The newcomer's only visit is of group 0; the users at its side visit group 1 too, by a third.
        double fromNeighbours = 0;
        SparseVector newcomer = smooth.heads()[users.ordinal("newcomer")];
        for (int i = 0; i < newcomer.size(); i++) {
            fromNeighbours += groupOf(smooth, newcomer.columns()[i]) == 1 ? newcomer.weights()[i] : 0;
        }
        assertThat(fromNeighbours).isBetween(0.5 / 3 - 0.06, 0.5 / 3 + 1e-6);
        assertThat(smooth.heads()[users.ordinal("idle")].isEmpty()).isFalse();
    }

    @Test
    void theNumberOfThreadsChangesNothing() {
        Mixture one = InterestsTrainer.train(graph, plan(5, 0.5), D, vectors, 3, 1, TrainingProgress.NONE)
                .getFirst();
        Mixture three = InterestsTrainer.train(graph, plan(5, 0.5), D, vectors, 3, 3, TrainingProgress.NONE)
                .getFirst();
        assertThat(three.centroids()).isEqualTo(one.centroids());
        assertThat(three.heads()).isEqualTo(one.heads());
        assertThat(three.tails()).isEqualTo(one.tails());
    }

    private Mixture train(int neighbours, double smoothing) {
        List<Mixture> mixtures =
                InterestsTrainer.train(graph, plan(neighbours, smoothing), D, vectors, 3, 2, TrainingProgress.NONE);
        assertThat(mixtures).hasSize(1);
        return mixtures.getFirst();
    }

    private static InterestsPlan plan(int neighbours, double smoothing) {
        return new InterestsPlan(Map.of("visit", 12), 20, neighbours, smoothing, 50);
    }

    /** The axis that an interest's centroid points along. */
    private static int groupOf(Mixture mixture, int interest) {
        int most = 0;
        for (int j = 1; j < D; j++) {
            most = mixture.centroids()[interest * D + j] > mixture.centroids()[interest * D + most] ? j : most;
        }
        return most;
    }
}
