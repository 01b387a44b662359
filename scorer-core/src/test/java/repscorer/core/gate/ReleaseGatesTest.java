package repscorer.core.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.ann.HnswParameters;
import repscorer.core.codes.CodesLoss;
import repscorer.core.embedding.DenseSpace;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.core.fixture.ReleaseBuilder;
import repscorer.core.fixture.Spaces;
import repscorer.core.store.Release.IndexCheck;
import repscorer.core.store.RepresentationStore;
import repscorer.core.store.Snapshot;
import repscorer.core.store.gate.GateResult;
import repscorer.testing.Seeds;
import repscorer.vector.Metric;
import repscorer.vector.SparseVector;

/** Plants what must not go live, and looks at which gates it trips. */
class ReleaseGatesTest {

    private static final EntityKind USER = EntityKind.USER;
    private static final EntityKind TWEET = EntityKind.TWEET;
    private static final int DIMENSION = 8;
    private static final int ROWS = 200;
    private static final int FOLLOWED = 50;

    @TempDir
    Path directory;

    private RepresentationStore store;
    private final RandomGenerator random = Seeds.random("release gates");
    private final Map<EntityId, float[]> dense = new TreeMap<>();
    private final Map<EntityId, SparseVector> history = new TreeMap<>();
    private int releases;

    @BeforeEach
    void open() throws IOException {
        store = ReleaseBuilder.open(
                directory.resolve("store"),
                new DenseSpace(
                        "users", "twhin", USER, DIMENSION, Metric.COSINE, "exact", HnswParameters.DEFAULT, .5, false),
                Spaces.twhin("tweets", TWEET, DIMENSION),
                Spaces.lookup("history", "history", USER, 5));
        for (int i = 1; i <= ROWS; i++) {
            dense.put(EntityId.of(USER, i), vector());
            dense.put(EntityId.of(TWEET, i), vector());
            int first = random.nextInt(FOLLOWED - 2);
            history.put(
                    EntityId.of(USER, i),
                    new SparseVector(new int[] {first, first + 1, FOLLOWED - 1}, new float[] {1, 1, 1}));
        }
        publish(dense, history);
    }

    @AfterEach
    void close() {
        store.close();
    }

    private float[] vector() {
        float[] values = new float[DIMENSION];
        for (int i = 0; i < DIMENSION; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private void publish(Map<EntityId, float[]> rows, Map<EntityId, SparseVector> follows) throws IOException {
        ReleaseBuilder.of(store, directory, "r" + ++releases)
                .dense("users", rows)
                .dense("tweets", rows)
                .sparse("history", ReleaseBuilder.columns("user", FOLLOWED), follows)
                .publish();
    }

    private List<GateResult> held(Map<EntityId, float[]> rows, Map<EntityId, SparseVector> follows) throws IOException {
        Snapshot live = store.current();
        publish(rows, follows);
        List<GateResult> results = ReleaseGates.of(
                live, store.current(), List.of(), GateOptions.DEFAULT, HeldOutEdges.NONE, ReleaseAnswers.NONE);
        store.rollBack(live.release());
        store.delete("r" + releases);
        return results;
    }

    private static List<String> failed(List<GateResult> results) {
        return results.stream()
                .filter(each -> !each.passed())
                .map(each -> each.gate() + " " + each.place())
                .toList();
    }

    private static long number(EntityId id) {
        return Long.parseLong(id.value());
    }

    private static <V> Map<EntityId, V> permuted(Map<EntityId, V> rows, EntityKind kind, long seed) {
        List<EntityId> ids =
                rows.keySet().stream().filter(id -> id.kind().equals(kind)).toList();
        List<EntityId> others = new ArrayList<>(ids);
        Collections.shuffle(others, new Random(seed));
        Map<EntityId, V> mixed = new TreeMap<>(rows);
        for (int i = 0; i < ids.size(); i++) {
            mixed.put(others.get(i), Objects.requireNonNull(rows.get(ids.get(i))));
        }
        return mixed;
    }

    private static Map<EntityId, float[]> each(Map<EntityId, float[]> rows, UnaryOperator<float[]> change) {
        Map<EntityId, float[]> changed = new TreeMap<>();
        rows.forEach((id, row) -> changed.put(id, change.apply(row.clone())));
        return changed;
    }

    /** Turned about, stretched and noisy: as near as another training comes. */
    private float[] retrained(float[] row) {
        float[] turned = new float[DIMENSION];
        for (int i = 0; i < DIMENSION; i++) {
            turned[(i + 3) % DIMENSION] = 1.5f * row[i] + .7f * (float) random.nextGaussian();
        }
        return turned;
    }

    @Test
    @DisplayName("another training passes, though every coordinate is another; what is as it was costs no gate")
    void anotherTrainingPasses() throws IOException {
        List<GateResult> results = held(each(dense, this::retrained), history);
        assertThat(failed(results)).isEmpty();
        assertThat(results)
                .extracting(each -> each.gate() + " " + each.place())
                .contains("count users", "coverage tweets", "norm-p50 users", "norm-p99 users", "neighbours tweets")
                .noneMatch(each -> each.endsWith("history"));
        assertThat(results)
                .filteredOn(each -> each.gate().equals("neighbours"))
                .allSatisfy(each -> assertThat(each.value()).isBetween(.2, .8));
    }

    @Test
    @DisplayName("Issue 17: a planted permutation of ids never passes")
    void permutedIdsNeverPass() throws IOException {
        for (int seed = 0; seed < 10; seed++) {
            List<GateResult> results = held(permuted(dense, USER, seed), history);
            assertThat(failed(results)).containsExactly("neighbours users");
            assertThat(results)
                    .filteredOn(each -> !each.passed())
                    .allSatisfy(each -> assertThat(each.value()).isBetween(-.05, .05));
        }
    }

    @Test
    @DisplayName("hubs that are everybody's neighbours do not let permuted ids pass")
    void hubsAreChance() throws IOException {
        // In all rows the same direction leads, so that few rows near it are near everything.
        Map<EntityId, float[]> hubs = each(dense, row -> {
            row[0] = Math.abs(row[0]) * 40;
            return row;
        });
        publish(hubs, history);
        for (int seed = 0; seed < 5; seed++) {
            assertThat(failed(held(permuted(hubs, USER, seed), history))).containsExactly("neighbours users");
        }
    }

    @Test
    @DisplayName("vectors that were exchanged with those of another kind do not pass")
    void anotherKindsVectorsDoNotPass() throws IOException {
        Map<EntityId, float[]> exchanged = new TreeMap<>();
        dense.forEach((id, row) -> exchanged.put(EntityId.of(id.kind().equals(USER) ? TWEET : USER, number(id)), row));
        assertThat(failed(held(exchanged, history))).containsExactly("neighbours tweets", "neighbours users");
    }

    @Test
    @DisplayName("half of the rows, and other ids in their place, trip counts and coverage")
    void countsAndCoverage() throws IOException {
        Map<EntityId, float[]> fewer = new TreeMap<>(dense);
        fewer.keySet().removeIf(id -> id.kind().equals(USER) && number(id) > ROWS * 2 / 5);
        assertThat(failed(held(fewer, history))).containsExactly("count users", "coverage users");
        Map<EntityId, float[]> others = new TreeMap<>();
        dense.forEach((id, row) ->
                others.put(id.kind().equals(USER) ? EntityId.of(USER, number(id) + ROWS * 3 / 4) : id, row));
        assertThat(failed(held(others, history))).containsExactly("coverage users", "neighbours users");
        Map<EntityId, float[]> more = new TreeMap<>(dense);
        for (int i = ROWS + 1; i <= 11 * ROWS; i++) {
            more.put(EntityId.of(TWEET, i), vector());
        }
        assertThat(failed(held(more, history))).contains("count tweets");
    }

    @Test
    @DisplayName("longer rows trip the median of norms, a few outliers the 99th percentile alone")
    void norms() throws IOException {
        assertThat(failed(held(
                        each(dense, row -> {
                            for (int i = 0; i < row.length; i++) {
                                row[i] *= 5;
                            }
                            return row;
                        }),
                        history)))
                .containsExactlyInAnyOrder("norm-p50 tweets", "norm-p50 users", "norm-p99 tweets", "norm-p99 users");
        Map<EntityId, float[]> outliers = new TreeMap<>(dense);
        for (int i = 1; i <= ROWS / 20; i++) {
            float[] row = dense.getOrDefault(EntityId.of(USER, i), new float[0]).clone();
            for (int j = 0; j < row.length; j++) {
                row[j] *= 100;
            }
            outliers.put(EntityId.of(USER, i), row);
        }
        assertThat(failed(held(outliers, history))).containsExactly("norm-p99 users");
        Map<EntityId, SparseVector> heavier = new TreeMap<>();
        history.forEach((id, row) -> heavier.put(id, new SparseVector(row.columns(), new float[] {9, 9, 9})));
        assertThat(failed(held(dense, heavier))).containsExactly("weight-p50 history");
    }

    @Test
    @DisplayName("rows that nobody searches are held to their columns")
    void historiesOfOthersDoNotPass() throws IOException {
        assertThat(failed(held(dense, permuted(history, USER, 1)))).containsExactly("rows history");
    }

    @Test
    @DisplayName("what the store measured of graphs is told with the space's floor")
    void graphs() {
        List<IndexCheck> checks = List.of(
                new IndexCheck("users", OptionalDouble.of(.01), OptionalInt.of(0)),
                new IndexCheck("tweets", OptionalDouble.of(.999), OptionalInt.of(3)),
                new IndexCheck(
                        "topics", OptionalDouble.empty(), OptionalInt.empty(), Optional.of(new CodesLoss(.6, .2))));
        List<GateResult> results = ReleaseGates.of(
                Snapshot.EMPTY, store.current(), checks, GateOptions.DEFAULT, HeldOutEdges.NONE, ReleaseAnswers.NONE);
        assertThat(results).hasSize(5);
        assertThat(failed(results)).containsExactly("recall@10 users", "unreachable tweets", "codes-error topics");
        assertThat(results.getFirst().words()).matches("recall@10 of users must be at least 0\\.5: 0\\.0100");
    }

    @Test
    @DisplayName("nothing compares a first release, and a space may have bounds of its own")
    void bounds() throws IOException {
        assertThat(ReleaseGates.of(
                        Snapshot.EMPTY,
                        store.current(),
                        List.of(),
                        GateOptions.DEFAULT,
                        HeldOutEdges.NONE,
                        ReleaseAnswers.NONE))
                .isEmpty();
        Snapshot live = store.current();
        publish(permuted(dense, USER, 1), history);
        GateBounds none = new GateBounds(0, 1e6, 0, 1e6, 0, 0, 1e6);
        assertThat(failed(ReleaseGates.of(
                        live,
                        store.current(),
                        List.of(),
                        new GateOptions(100, GateBounds.DEFAULT, Map.of("users", none), HeldOutOptions.DEFAULT),
                        HeldOutEdges.NONE,
                        ReleaseAnswers.NONE)))
                .isEmpty();
        assertThatThrownBy(() -> new GateBounds(.5, 10, .5, .5, .1, .1, .5))
                .hasMessage("norm-shift-max must be 1 to 1000000: 0.5");
        assertThatThrownBy(() -> new GateOptions(0, GateBounds.DEFAULT, Map.of(), HeldOutOptions.DEFAULT))
                .hasMessage("sample must be 1 to 10000: 0");
    }

    @Test
    @DisplayName(
            "Issue 17: held-out edges that are found less trip a gate, whatever else is the same; few are not judged by")
    void heldOutEdgesThatAreFoundLess() throws IOException {
        publish(dense, history);
        Snapshot live = store.current();
        Map<EntityId, Set<EntityId>> edges = new TreeMap<>();
        for (int i = 0; i < 40; i++) {
            edges.put(EntityId.of(USER, i), Set.of(EntityId.of(TWEET, i), EntityId.of(TWEET, 1_000 + i)));
        }
        HeldOutEdges some = new HeldOutEdges(Map.of("follow", edges));
        // Live finds one of two for everybody; the next for every second source.
        Snapshot next = new Snapshot("next", Map.of());
        List<String> asked = new ArrayList<>();
        ReleaseAnswers answers = (release, surface, source, k) -> {
            asked.add(surface + " " + k + " " + release.release());
            long number = Long.parseLong(source.value());
            return release == live || number % 2 == 0
                    ? List.of(EntityId.of(TWEET, 7_777), EntityId.of(TWEET, number))
                    : List.of(EntityId.of(TWEET, 7_777));
        };
        HeldOutOptions half = new HeldOutOptions("f", 5, 1_000, .5);
        assertThat(heldOut(live, next, half, some, answers))
                .containsExactly(
                        GateResult.atLeast("held-out@5", "follow", .25, Double.NEGATIVE_INFINITY),
                        GateResult.atLeast("held-out-kept", "follow", .5, .5));
        assertThat(asked).hasSize(80).contains("follow 5 next");
        HeldOutOptions more = new HeldOutOptions("f", 5, 1_000, .51);
        assertThat(heldOut(live, next, more, some, answers).getLast().passed()).isFalse();
        assertThat(heldOut(Snapshot.EMPTY, next, half, some, answers))
                .as("nothing is live")
                .containsExactly(GateResult.atLeast("held-out@5", "follow", .25, Double.NEGATIVE_INFINITY));
        asked.clear();
        heldOut(live, next, new HeldOutOptions("f", 5, 20, .5), some, answers);
        assertThat(asked).as("so many are drawn").hasSize(40);
        edges.keySet().removeIf(id -> Long.parseLong(id.value()) >= 19);
        assertThat(heldOut(live, next, half, new HeldOutEdges(Map.of("follow", edges)), answers))
                .as("too few")
                .isEmpty();
        assertThatThrownBy(() -> new HeldOutOptions("", 0, 100, 1)).hasMessage("k must be 1 to 1000: 0");
        assertThatThrownBy(() -> new HeldOutOptions("", 1, 19, 1)).hasMessage("sources must be 20 to 100000: 19");
        assertThatThrownBy(() -> new HeldOutOptions("", 1, 20, 1.1)).hasMessage("recall-min must be 0 to 1: 1.1");
    }

    private static List<GateResult> heldOut(
            Snapshot live, Snapshot next, HeldOutOptions options, HeldOutEdges edges, ReleaseAnswers answers) {
        GateOptions all = new GateOptions(100, GateBounds.DEFAULT, Map.of(), options);
        return ReleaseGates.of(live, next, List.of(), all, edges, answers).stream()
                .filter(each -> each.gate().startsWith("held-out"))
                .toList();
    }
}
