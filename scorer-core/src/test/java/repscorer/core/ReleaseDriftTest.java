package repscorer.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.core.drift.DriftOptions;
import repscorer.core.drift.DriftReport;
import repscorer.core.drift.ListDrift;
import repscorer.core.drift.ReleaseDrift;
import repscorer.core.drift.SpaceDrift;
import repscorer.core.drift.SurfaceDrift;
import repscorer.core.embedding.Embedding;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.core.failure.ScorerException.Invalid;
import repscorer.core.failure.ScorerException.NotFound;
import repscorer.core.fixture.ReleaseBuilder;
import repscorer.core.fixture.ScorerBuilder;
import repscorer.core.fixture.Spaces;
import repscorer.core.plan.ColumnPlan;
import repscorer.core.plan.ColumnSetting;
import repscorer.core.plan.ScoringPlan;
import repscorer.core.store.Change;
import repscorer.core.store.RepresentationStore;
import repscorer.testing.Seeds;
import repscorer.vector.SparseVector;

/** Plants changes between releases and looks for them in the report. */
class ReleaseDriftTest {

    private static final EntityKind USER = EntityKind.USER;
    private static final EntityKind TWEET = EntityKind.TWEET;
    private static final int DIMENSION = 8;
    private static final int ROWS = 300;
    private static final int CLUSTERS = 12;

    @TempDir
    Path directory;

    private RepresentationStore store;
    private Scorer scorer;
    private final Map<EntityId, float[]> dense = new TreeMap<>();
    private final Map<EntityId, SparseVector> sparse = new TreeMap<>();

    private static ScoringPlan plan(String surface) {
        return ScoringPlan.of(surface, TWEET)
                .columns(ColumnPlan.dense("twhin")
                        .source(USER, "users")
                        .candidate(TWEET, "tweets")
                        .set(ColumnSetting.RETRIEVE, 50)
                        .build())
                .build();
    }

    @BeforeEach
    void open() throws IOException {
        RandomGenerator random = Seeds.random("release drift");
        store = ReleaseBuilder.open(
                directory.resolve("store"),
                Spaces.twhin("users", USER, DIMENSION),
                Spaces.twhin("tweets", TWEET, DIMENSION),
                Spaces.clusters("clusters", USER, 5),
                Spaces.lookup("history", "history", USER, 5));
        scorer = ScorerBuilder.of(store, plan("tweet")).build();
        for (int i = 1; i <= ROWS; i++) {
            dense.put(EntityId.of(USER, i), vector(random));
            dense.put(EntityId.of(TWEET, i), vector(random));
            int greatest = random.nextInt(CLUSTERS - 1);
            sparse.put(EntityId.of(USER, i), new SparseVector(new int[] {greatest, CLUSTERS - 1}, new float[] {
                2 + random.nextFloat(), 1
            }));
        }
        publish("a", dense, sparse);
    }

    private static float[] vector(RandomGenerator random) {
        float[] values = new float[DIMENSION];
        for (int i = 0; i < DIMENSION; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private void publish(String name, Map<EntityId, float[]> rows, Map<EntityId, SparseVector> clusters)
            throws IOException {
        ReleaseBuilder.of(store, directory, name)
                .dense("users", rows)
                .dense("tweets", rows)
                .sparse("clusters", ReleaseBuilder.columns("cluster", CLUSTERS), clusters)
                .publish();
    }

    private DriftReport compare(String a, String b) {
        return scorer.compare(a, b, DriftOptions.DEFAULT);
    }

    private static SpaceDrift space(DriftReport report, String name) {
        return report.spaces().stream()
                .filter(each -> each.space().name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static ListDrift front(SpaceDrift space, int k) {
        return space.neighbors().orElseThrow().lists().stream()
                .filter(each -> each.k() == k)
                .findFirst()
                .orElseThrow();
    }

    @Test
    @DisplayName("two releases of the same rows do not differ in anything")
    void equalReleases() throws IOException {
        publish("b", dense, sparse);
        DriftReport report = compare("a", "b");
        assertThat(report.onlyA()).isEmpty();
        assertThat(report.onlyB()).isEmpty();
        assertThat(report.spaces()).hasSize(3).allSatisfy(each -> {
            assertThat(each.shared()).isEqualTo(ROWS);
            assertThat(each.drawn()).isEqualTo(ROWS);
            assertThat(each.onlyA() + each.onlyB()).isZero();
            assertThat(each.versionA()).isEqualTo(each.versionB());
            assertThat(each.rows()).isEqualTo(SpaceDrift.Rows.SAME_TRAINING);
            assertThat(each.neighbors().orElseThrow().exact()).isTrue();
            assertThat(front(each, 10).overlap().min()).isEqualTo(1);
            assertThat(front(each, 50).rankBiasedOverlap().min()).isCloseTo(1, within(1e-9));
        });
        SpaceDrift.Dense users = space(report, "users").dense().orElseThrow();
        assertThat(users.cosine().orElseThrow().min()).isCloseTo(1, within(1e-9));
        assertThat(users.l2().orElseThrow().max()).isZero();
        assertThat(users.normRatio().orElseThrow().p99()).isEqualTo(1);
        SpaceDrift.Sparse clusters = space(report, "clusters").sparse().orElseThrow();
        assertThat(clusters.greatestChanged()).contains(0.0);
        assertThat(clusters.jaccard().orElseThrow().min()).isEqualTo(1);
        assertThat(clusters.l1().orElseThrow().max()).isZero();
        assertThat(clusters.labelsMoved()).as("no cluster has a label").isEmpty();
        SurfaceDrift surface = report.surfaces().getFirst();
        assertThat(surface.sources()).isEqualTo(DriftOptions.SOURCES_DEFAULT);
        assertThat(surface.answers().orElseThrow().overlap().min()).isEqualTo(1);
        assertThat(surface.worst()).isEmpty();
    }

    @Test
    @DisplayName("a space that is turned has other rows and the same neighbours, longer ones a norm of their own")
    void aTurnedSpace() throws IOException {
        Map<EntityId, float[]> turned = new TreeMap<>();
        dense.forEach((id, row) -> {
            float[] other = new float[DIMENSION];
            for (int i = 0; i < DIMENSION; i++) {
                // Axes in another order, every second one reversed, and everything twice as long.
                other[(i + 3) % DIMENSION] = (i % 2 == 0 ? 2 : -2) * row[i];
            }
            turned.put(id, other);
        });
        publish("b", turned, sparse);
        DriftReport report = compare("a", "b");
        SpaceDrift users = space(report, "users");
        SpaceDrift.Dense rows = users.dense().orElseThrow();
        assertThat(users.rows()).isEqualTo(SpaceDrift.Rows.UNKNOWN_TRAINING);
        assertThat(Math.abs(rows.cosine().orElseThrow().mean())).isLessThan(0.2);
        assertThat(rows.normRatio().orElseThrow().min()).isCloseTo(2, within(1e-5));
        assertThat(rows.normRatio().orElseThrow().max()).isCloseTo(2, within(1e-5));
        assertThat(front(users, 10).overlap().mean()).isGreaterThan(0.999);
        assertThat(front(users, 50).rankBiasedOverlap().mean()).isGreaterThan(0.999);
        assertThat(report.surfaces()
                        .getFirst()
                        .answers()
                        .orElseThrow()
                        .overlap()
                        .mean())
                .isGreaterThan(0.999);
    }

    @Test
    @DisplayName("rows that changed their ids have other neighbours: as many in common as chance gives")
    void shuffledIds() throws IOException {
        List<EntityId> ids = new ArrayList<>(
                dense.keySet().stream().filter(id -> id.kind().equals(USER)).toList());
        List<float[]> values = new ArrayList<>();
        ids.forEach(id -> values.add(dense.getOrDefault(id, new float[0])));
        Collections.shuffle(values, new Random(5));
        Map<EntityId, float[]> shuffled = new TreeMap<>(dense);
        for (int i = 0; i < ids.size(); i++) {
            shuffled.put(ids.get(i), values.get(i));
        }
        publish("b", shuffled, sparse);
        DriftReport report = compare("a", "b");
        assertThat(front(space(report, "users"), 10).overlap().mean()).isLessThan(0.1);
        assertThat(front(space(report, "users"), 10).overlap().mean())
                .as("by brute force")
                .isCloseTo(overlap(ids, dense, shuffled, 10), within(1e-9));
        assertThat(front(space(report, "users"), 50).overlap().mean())
                .isCloseTo(overlap(ids, dense, shuffled, 50), within(1e-9));
        assertThat(front(space(report, "tweets"), 10).overlap().mean()).isEqualTo(1);
        SurfaceDrift surface = report.surfaces().getFirst();
        assertThat(surface.answers().orElseThrow().overlap().mean()).isLessThan(0.2);
        assertThat(surface.worst()).hasSize(5);
        SurfaceDrift.Worst worst = surface.worst().getFirst();
        assertThat(worst.a()).hasSize(10);
        assertThat(worst.rankBiasedOverlap())
                .isLessThanOrEqualTo(surface.worst().getLast().rankBiasedOverlap());
        List<EntityId> both = new ArrayList<>(worst.a());
        both.retainAll(worst.b());
        assertThat(worst.overlap()).isEqualTo(both.size() / 10.0);
    }

    /** The mean share of the nearest k that both have, by every cosine there is. */
    private static double overlap(
            List<EntityId> ids, Map<EntityId, float[]> before, Map<EntityId, float[]> after, int k) {
        double sum = 0;
        for (EntityId id : ids) {
            List<EntityId> both = new ArrayList<>(nearest(id, ids, before, k));
            both.retainAll(nearest(id, ids, after, k));
            sum += (double) both.size() / k;
        }
        return sum / ids.size();
    }

    private static List<EntityId> nearest(EntityId id, List<EntityId> ids, Map<EntityId, float[]> rows, int k) {
        float[] query = rows.getOrDefault(id, new float[0]);
        return ids.stream()
                .filter(other -> !other.equals(id))
                .sorted(Comparator.comparingDouble(
                        (EntityId other) -> -cosine(query, rows.getOrDefault(other, new float[0]))))
                .limit(k)
                .toList();
    }

    private static double cosine(float[] a, float[] b) {
        double dot = 0;
        double normA = 0;
        double normB = 0;
        for (int i = 0; i < a.length; i++) {
            dot += (double) a[i] * b[i];
            normA += (double) a[i] * a[i];
            normB += (double) b[i] * b[i];
        }
        return dot / Math.sqrt(normA * normB);
    }

    @Test
    @DisplayName("ids that went and came are counted whole, however few are drawn; streamed changes count")
    void idsThatWentAndCame() throws IOException {
        Map<EntityId, float[]> other = new TreeMap<>(dense);
        for (int i = 1; i <= 20; i++) {
            other.remove(EntityId.of(USER, i));
        }
        for (int i = ROWS + 1; i <= ROWS + 7; i++) {
            other.put(EntityId.of(USER, i), new float[] {1, i, 0, 0, 0, 0, 0, 0});
        }
        publish("b", other, sparse);
        store.apply(
                "b",
                "users",
                "",
                List.of(
                        new Change.Delete(EntityId.of(USER, 21), OptionalLong.empty()),
                        new Change.Upsert(
                                EntityId.of(USER, 900),
                                new Embedding.Dense(new float[] {1, 1, 1, 1, 1, 1, 1, 1}),
                                OptionalLong.empty())));
        DriftReport report = scorer.compare("a", "b", new DriftOptions(5, 0, 1));
        SpaceDrift users = space(report, "users");
        assertThat(users.shared()).isEqualTo(ROWS - 21);
        assertThat(users.onlyA()).isEqualTo(21);
        assertThat(users.onlyB()).isEqualTo(8);
        assertThat(users.drawn()).isEqualTo(5);
        assertThat(users.versionB()).endsWith("+2");
        assertThat(report.surfaces()).isEmpty();
        assertThat(scorer.compare("a", "b", new DriftOptions(5, 0, 1)))
                .as("one seed, one draw")
                .isEqualTo(report);
        assertThat(scorer.compare("a", "b", new DriftOptions(5, 0, 2))).isNotEqualTo(report);
    }

    @Test
    @DisplayName(
            "clusters are the same by their ids: other columns change nothing, another greatest cluster is told by name")
    void clustersByTheirIds() throws IOException {
        List<EntityId> reversed = new ArrayList<>(ReleaseBuilder.columns("cluster", CLUSTERS)).reversed();
        Map<EntityId, SparseVector> renumbered = new TreeMap<>();
        sparse.forEach((id, row) -> renumbered.put(
                id,
                new SparseVector(
                        new int[] {CLUSTERS - 1 - row.columns()[1], CLUSTERS - 1 - row.columns()[0]},
                        new float[] {row.weights()[1], row.weights()[0]})));
        // A quarter of the users give their second cluster twice the weight of their greatest.
        for (int i = 4; i <= ROWS; i += 4) {
            SparseVector row = renumbered.getOrDefault(EntityId.of(USER, i), SparseVector.EMPTY);
            renumbered.put(EntityId.of(USER, i), new SparseVector(row.columns(), new float[] {8, row.weights()[1]}));
        }
        ReleaseBuilder.of(store, directory, "b")
                .write("clusters", reversed, Map.of(0, "jazz"), writer -> renumbered.forEach(writer::add))
                .dense("users", dense)
                .publish();
        DriftReport report = compare("a", "b");
        assertThat(report.onlyA()).containsExactly("tweets");
        SpaceDrift.Sparse clusters = space(report, "clusters").sparse().orElseThrow();
        assertThat(clusters.greatestChanged()).contains(0.25);
        assertThat(clusters.jaccard().orElseThrow().min()).isEqualTo(1);
        assertThat(clusters.l1().orElseThrow().p50()).isZero();
        assertThat(clusters.l1().orElseThrow().max()).isEqualTo(7);
        assertThat(clusters.weightRatio().orElseThrow().p99()).isGreaterThan(2);
        assertThat(clusters.labelsMoved())
                .as("all have the cluster that got a label")
                .contains(1.0);
        assertThat(clusters.relabelled()).isEqualTo(1);
        assertThat(clusters.moved()).hasSize(5).allSatisfy(each -> {
            assertThat(Integer.parseInt(each.id().value()) % 4).isZero();
            assertThat(each.from()).matches("cluster:\\d+");
            assertThat(each.to()).isEqualTo("cluster:11 jazz");
        });
        SurfaceDrift surface = report.surfaces().getFirst();
        assertThat(surface.unansweredB()).isEqualTo(surface.sources()).isPositive();
        assertThat(surface.answers()).isEmpty();
        assertThat(surface.reason().orElse("")).startsWith("b: ").contains("tweets");
    }

    @Test
    @DisplayName("trainings are told apart: one that both name, two, and none")
    void trainings() throws IOException {
        for (String[] each : new String[][] {{"b", "first"}, {"c", "first"}, {"d", "second"}}) {
            ReleaseBuilder.of(store, directory, each[0])
                    .write("users", List.of(), Map.of(), writer -> {
                        writer.training(each[1]);
                        dense.forEach((id, row) -> {
                            if (id.kind().equals(USER)) {
                                writer.add(
                                        id,
                                        each[0].equals("c") ? row.clone() : new float[] {row[0], 1, 2, 3, 4, 5, 6, 7});
                            }
                        });
                    })
                    .publish();
            store.pin(each[0], true);
        }
        assertThat(space(compare("b", "c"), "users").rows()).isEqualTo(SpaceDrift.Rows.SAME_TRAINING);
        SpaceDrift other = space(compare("c", "d"), "users");
        assertThat(other.rows()).isEqualTo(SpaceDrift.Rows.OTHER_TRAINING);
        assertThat(other.trainingA()).contains("first");
        assertThat(other.trainingB()).contains("second");
    }

    @Test
    @DisplayName("columns that are entities mean the same whatever was learnt")
    void columnsOfEntities() throws IOException {
        for (String training : List.of("first", "second")) {
            ReleaseBuilder.of(store, directory, training)
                    .write("history", ReleaseBuilder.columns("user", 3), Map.of(), writer -> {
                        writer.training(training);
                        writer.add(
                                EntityId.of(USER, 1),
                                new SparseVector(new int[] {training.length() - 5}, new float[] {1}));
                    })
                    .publish();
        }
        SpaceDrift history = space(compare("first", "second"), "history");
        assertThat(history.rows()).isEqualTo(SpaceDrift.Rows.ENTITIES);
        assertThat(history.sparse().orElseThrow().moved())
                .containsExactly(new SpaceDrift.Moved(EntityId.of(USER, 1), "user:0", "user:1"));
        assertThat(history.neighbors()).as("it is not searched").isEmpty();
    }

    @Test
    @DisplayName(
            "rows of another dimension have no distance; their ids, norms and neighbours are compared all the same")
    void anotherDimension() throws IOException {
        try (RepresentationStore wide =
                ReleaseBuilder.open(directory.resolve("wide"), Spaces.twhin("users", USER, DIMENSION + 1))) {
            Map<EntityId, float[]> wider = new TreeMap<>();
            dense.forEach((id, row) -> wider.put(id, java.util.Arrays.copyOf(row, DIMENSION + 1)));
            ReleaseBuilder.of(wide, directory, "b").dense("users", wider).publish();
            DriftReport report = ReleaseDrift.of(
                    store.current(),
                    wide.current(),
                    List.of(),
                    (release, surface, source, k) -> List.of(),
                    DriftOptions.DEFAULT);
            SpaceDrift users = space(report, "users");
            assertThat(users.rows()).isEqualTo(SpaceDrift.Rows.INCOMPARABLE);
            assertThat(users.dense().orElseThrow().cosine()).isEmpty();
            assertThat(users.dense().orElseThrow().l2()).isEmpty();
            assertThat(users.dense().orElseThrow().normRatio().orElseThrow().max())
                    .isEqualTo(1);
            assertThat(front(users, 10).overlap().mean()).isGreaterThan(0.999);
            assertThat(users.shared()).isEqualTo(ROWS);
        }
    }

    @Test
    @DisplayName(
            "a staged release is compared before it is live; what is no release, and what is out of range, is refused")
    void stagedAndUnknown() throws IOException {
        Map<EntityId, float[]> zeroed = new TreeMap<>(dense);
        zeroed.put(EntityId.of(USER, 1), new float[] {9, 0, 0, 0, 0, 0, 0, 0});
        ReleaseBuilder.of(store, directory, "s").dense("users", zeroed).dense("tweets", dense);
        store.prepare("s", new RepresentationStore.Missing(false, java.util.Set.of("*")), (step, done, total) -> {});
        DriftReport report = compare("a", "s");
        assertThat(report.spaces()).hasSize(3);
        assertThat(space(report, "users")
                        .dense()
                        .orElseThrow()
                        .normRatio()
                        .orElseThrow()
                        .p50())
                .isEqualTo(1);
        assertThat(space(report, "users")
                        .dense()
                        .orElseThrow()
                        .cosine()
                        .orElseThrow()
                        .min())
                .isLessThan(0.999);
        assertThat(report.surfaces().getFirst().answers()).isPresent();
        assertThatThrownBy(() -> compare("a", "nowhere")).isInstanceOf(NotFound.class);
        assertThatThrownBy(() -> new DriftOptions(0, 1, 1))
                .isInstanceOf(Invalid.class)
                .hasMessage("sample is 1 to 10000: 0");
        assertThatThrownBy(() -> new DriftOptions(1, 501, 1)).isInstanceOf(Invalid.class);
    }
}
