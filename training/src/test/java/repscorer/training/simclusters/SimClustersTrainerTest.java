package repscorer.training.simclusters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.SplittableRandom;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.core.entity.EntityKind;
import repscorer.testing.PlantedGraph;
import repscorer.training.TestData;
import repscorer.training.graph.EdgeReader;
import repscorer.training.graph.Graph;
import repscorer.training.plan.SimClustersPlan;
import repscorer.training.plan.TrainingPlan;
import repscorer.training.plan.YamlFiles;
import repscorer.training.progress.TrainingProgress;
import repscorer.vector.SparseVector;

class SimClustersTrainerTest {

    private static final int COMMUNITIES = 8;
    private static final int USERS = 480;

    @TempDir
    Path directory;

    @Test
    void plantedCommunitiesAreFoundWithNmiAbovePoint8() throws IOException {
        Graph graph = planted("");
        SimClustersModel model = train(graph, 16);
        int[] truth = new int[graph.entities(EntityKind.USER).count()];
        for (int u = 0; u < truth.length; u++) {
            truth[u] = Integer.parseInt(graph.entities(EntityKind.USER).value(u)) % COMMUNITIES;
        }
        assertThat(PlantedGraph.normalisedMutualInformation(truth, model.knownFor()))
                .isGreaterThan(0.8);
        assertThat(model.clusters()).isBetween(COMMUNITIES, 16);
    }

    @Test
    void vectorsAreCutAndPositive() {
        Graph graph = small();
        SimClustersModel model = SimClustersTrainer.train(
                graph, TestData.smallPlan().simclusters().orElseThrow(), 3, 2, TrainingProgress.NONE);
        for (SparseVector row : model.interests()) {
            assertThat(row.size()).isLessThanOrEqualTo(8);
            assertInside(row, model.clusters());
            assertThat(row.isEmpty() ? 1 : row.squaredNorm()).isCloseTo(1, Offset.offset(1e-4));
        }
        for (SparseVector row : model.producers()) {
            assertInside(row, model.clusters());
        }
        assertThat(model.items()).containsOnlyKeys(EntityKind.TWEET, EntityKind.TOPIC);
        model.items().values().forEach(rows -> {
            for (SparseVector row : rows) {
                assertInside(row, model.clusters());
            }
        });
        assertThat(model.labels().values()).isNotEmpty().allMatch(label -> label.matches("[a-z-]+( · [a-z-]+)?"));
    }

    @Test
    void theSeedDecidesAndTheNumberOfThreadsDoesNot() {
        Graph graph = small();
        SimClustersPlan plan = TestData.smallPlan().simclusters().orElseThrow();
        SimClustersModel one = SimClustersTrainer.train(graph, plan, 3, 1, TrainingProgress.NONE);
        SimClustersModel three = SimClustersTrainer.train(graph, plan, 3, 3, TrainingProgress.NONE);
        SimClustersModel other = SimClustersTrainer.train(graph, plan, 4, 1, TrainingProgress.NONE);
        assertThat(three.knownFor()).isEqualTo(one.knownFor()).isNotEqualTo(other.knownFor());
        assertThat(three.interests()).isEqualTo(one.interests());
        assertThat(three.producers()).isEqualTo(one.producers());
        assertThat(three.items().get(EntityKind.TWEET)).isEqualTo(one.items().get(EntityKind.TWEET));
    }

    @Test
    void socialProofAsksForSeveralFolloweesOfACluster() throws IOException {
        Graph graph = planted("");
        int loose = 0;
        int strict = 0;
        for (SparseVector row : train(graph, 16).interests()) {
            loose += row.size();
        }
        SimClustersModel proven = SimClustersTrainer.train(
                graph, plan(3, 16, "").simclusters().orElseThrow(), 1, 2, TrainingProgress.NONE);
        for (SparseVector row : proven.interests()) {
            strict += row.size();
        }
        assertThat(strict).isPositive().isLessThan(loose);
    }

    @Test
    void anEngagementCountsHalfAfterTheHalfLife() throws IOException {
        // Two users of different communities like one item; the older like is one half-life older.
        Graph graph = planted("0\told\t0\n1\told\t1209600\n0\teven\t1209600\n1\teven\t1209600\n");
        SimClustersModel model = SimClustersTrainer.train(
                graph, plan(1, 8, "likes").simclusters().orElseThrow(), 1, 2, TrainingProgress.NONE);
        int user0 = graph.entities(EntityKind.USER).ordinal("0");
        int user1 = graph.entities(EntityKind.USER).ordinal("1");
        int cluster0 = heaviest(model.interests()[user0]);
        int cluster1 = heaviest(model.interests()[user1]);
        assertThat(cluster0).isNotEqualTo(cluster1);
        SparseVector[] rows = Objects.requireNonNull(model.items().get(EntityKind.TWEET));
        SparseVector old = rows[graph.entities(EntityKind.TWEET).ordinal("old")];
        SparseVector even = rows[graph.entities(EntityKind.TWEET).ordinal("even")];
        double ratioOld = weight(old, cluster0) / weight(old, cluster1);
        double ratioEven = weight(even, cluster0) / weight(even, cluster1);
        assertThat(ratioOld / ratioEven).isBetween(0.45, 0.75); // not ½ sharp: each likes a little of the other's
    }

    @Test
    void producersMayBeOfAnotherKindThanTheirFollowers() throws IOException {
        StringBuilder visits = new StringBuilder();
        for (int u = 0; u < 80; u++) {
            for (int i = 0; i < 5; i++) {
                visits.append(u)
                        .append('\t')
                        .append(u % 2 + 2 * ((u / 2 + i) % 10))
                        .append('\n'); // even or odd places
            }
        }
        Files.writeString(directory.resolve("f.tsv"), visits);
        TrainingPlan plan = YamlFiles.parse(Path.of("p.yaml"), """
                name: p
                simclusters: {follow: visit, communities: 4}
                relations: [{name: visit, files: [f.tsv], head: user, tail: place}]
                """, TrainingPlan.class);
        Graph graph = EdgeReader.read(plan, directory, TrainingProgress.NONE).graph();
        SimClustersModel model =
                SimClustersTrainer.train(graph, plan.simclusters().orElseThrow(), 1, 1, TrainingProgress.NONE);
        assertThat(model.producers()).hasSize(20);
        assertThat(model.interests()).hasSize(80);
        for (int a = 0; a < 20; a++) {
            for (int b = 0; b < 20; b++) {
                if (model.knownFor()[a] >= 0 && model.knownFor()[a] == model.knownFor()[b]) {
                    assertThat(parity(graph, a)).isEqualTo(parity(graph, b));
                }
            }
        }
    }

    private static int parity(Graph graph, int place) {
        return Integer.parseInt(graph.entities(new EntityKind("place")).value(place)) % 2;
    }

    @Test
    void aFollowCountsHalfAfterTheHalfLifeOfInterests() throws IOException {
        // "reader" follows one producer of each of two communities; the first follow is 100 days older.
        StringBuilder rows = new StringBuilder();
        long now = 100L * 24 * 3600;
        for (int u = 0; u < 40; u++) {
            for (int p = 0; p < 4; p++) {
                rows.append("u%s\tp%s\t%s\n".formatted(u, u % 2 * 4 + p, now));
            }
        }
        rows.append("reader\tp0\t0\nreader\tp4\t%s\n".formatted(now));
        Files.writeString(directory.resolve("f.tsv"), rows);
        TrainingPlan plan = YamlFiles.parse(Path.of("p.yaml"), """
                name: p
                simclusters: {follow: follow, communities: 2, social-proof-min: 1}
                relations: [{name: follow, files: [f.tsv], columns: [head, tail, time], head: user, tail: user}]
                """, TrainingPlan.class);
        Graph graph = EdgeReader.read(plan, directory, TrainingProgress.NONE).graph();
        SimClustersModel model =
                SimClustersTrainer.train(graph, plan.simclusters().orElseThrow(), 1, 1, TrainingProgress.NONE);
        var users = graph.entities(EntityKind.USER);
        SparseVector reader = model.interests()[users.ordinal("reader")];
        double old = weight(reader, model.knownFor()[users.ordinal("p0")]);
        double fresh = weight(reader, model.knownFor()[users.ordinal("p4")]);
        assertThat(old / fresh).isCloseTo(0.5, Offset.offset(0.05));
    }

    @Test
    void aGraphWithoutResemblanceIsRefusedInWords() throws IOException {
        Files.writeString(directory.resolve("f.tsv"), "1\t2\n3\t4\n");
        assertThatThrownBy(() -> train(
                        EdgeReader.read(plan(1, 4, ""), directory, TrainingProgress.NONE)
                                .graph(),
                        4))
                .hasMessageStartingWith("no communities: ");
    }

    /** That weights are positive is the vector's own rule. */
    private static void assertInside(SparseVector row, int clusters) {
        assertThat(row.size()).isLessThanOrEqualTo(50);
        if (!row.isEmpty()) {
            assertThat(row.columns()[row.size() - 1]).isLessThan(clusters);
        }
    }

    private Graph small() {
        return EdgeReader.read(TestData.smallPlan(), TestData.smallNetwork(directory), TrainingProgress.NONE)
                .graph();
    }

    private static SimClustersModel train(Graph graph, int communities) {
        return SimClustersTrainer.train(
                graph, plan(1, communities, "").simclusters().orElseThrow(), 1, 2, TrainingProgress.NONE);
    }

    /** Users by the remainder of their number: 14 follows inside, 2 anywhere. */
    private Graph planted(String likes) throws IOException {
        SplittableRandom random = new SplittableRandom(4);
        StringBuilder rows = new StringBuilder();
        for (int u = 0; u < USERS; u++) {
            for (int i = 0; i < 16; i++) {
                int other = i < 14
                        ? u % COMMUNITIES + COMMUNITIES * random.nextInt(USERS / COMMUNITIES)
                        : random.nextInt(USERS);
                if (other != u) {
                    rows.append(u).append('\t').append(other).append('\n');
                }
            }
        }
        Files.writeString(directory.resolve("f.tsv"), rows);
        Files.writeString(directory.resolve("l.tsv"), likes);
        return EdgeReader.read(plan(1, 8, likes), directory, TrainingProgress.NONE)
                .graph();
    }

    private static TrainingPlan plan(int socialProof, int communities, String likes) {
        String more = ", social-proof-min: " + socialProof;
        String like = "  - {name: like, files: [l.tsv], head: user, tail: tweet, columns: [head, tail, time]}\n";
        return YamlFiles.parse(
                Path.of("p.yaml"),
                "name: p\nsimclusters: {follow: follow, communities: %s, half-life: 14d%s}\nrelations:\n%s%s"
                        .formatted(
                                communities,
                                likes.isEmpty() ? more : more + ", items: {like: 1}",
                                "  - {name: follow, files: [f.tsv], head: user, tail: user}\n",
                                likes.isEmpty() ? "" : like),
                TrainingPlan.class);
    }

    private static int heaviest(SparseVector row) {
        int best = 0;
        for (int i = 1; i < row.size(); i++) {
            best = row.weights()[i] > row.weights()[best] ? i : best;
        }
        return row.columns()[best];
    }

    private static double weight(SparseVector row, int column) {
        for (int i = 0; i < row.size(); i++) {
            if (row.columns()[i] == column) {
                return row.weights()[i];
            }
        }
        return 0;
    }
}
