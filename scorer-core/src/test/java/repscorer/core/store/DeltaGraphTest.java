package repscorer.core.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import repscorer.ann.DenseIndex;
import repscorer.ann.HnswParameters;
import repscorer.ann.Neighbors;
import repscorer.ann.OrdinalFilter;
import repscorer.ann.SearchOptions;
import repscorer.ann.hnsw.HnswIndex;
import repscorer.core.embedding.DenseSpace;
import repscorer.core.embedding.Embedding;
import repscorer.core.embedding.EmbeddingFileWriter;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.core.store.delta.DeltaGraph;
import repscorer.core.store.delta.DeltaView;
import repscorer.testing.Seeds;
import repscorer.testing.SyntheticVectors;
import repscorer.vector.Metric;

/** Many changes are searched by a graph that follows them; what is answered is held to a plain map. */
class DeltaGraphTest {

    private static final EntityKind USER = EntityKind.USER;
    private static final int DIMENSION = 16;
    private static final int BASE_ROWS = 300;
    private static final int GRAPHED_ROWS = 6_000;
    private static final int RARE = 150; // one id in so many, too few for a walk
    private static final int IDS = 6_000;
    private static final int CHANGES = 9_000;
    private static final int DISTINCT = 2_000;
    private static final int QUERIES = 100;
    private static final int K = 10;

    @TempDir
    @SuppressWarnings("NullAway.Init") // set before each test
    Path directory;

    private final Map<EntityId, float[]> model = new TreeMap<>();

    private RepresentationStore open(Metric metric) {
        DenseSpace space = new DenseSpace("s", "m", USER, DIMENSION, metric, "hnsw", HnswParameters.DEFAULT, 0, true);
        return RepresentationStore.open(
                directory.resolve("store"), List.of(space), new StoreOptions(1, 1 << 30, 1, 10, 1_000_000));
    }

    private void publish(RepresentationStore store, float[][] rows, int count) throws Exception {
        EmbeddingFileWriter writer = EmbeddingFileWriter.dense("s", "m", USER, DIMENSION);
        for (int i = 0; i < count; i++) {
            writer.add(EntityId.of(USER, i), rows[i]);
            model.put(EntityId.of(USER, i), rows[i]);
        }
        try (InputStream file = Files.newInputStream(writer.writeTo(directory))) {
            store.stage("r", "s", file);
        }
        store.publish("r", PublicationListener.NONE);
    }

    private static SpaceVersion version(RepresentationStore store) {
        return store.current().space("s").orElseThrow();
    }

    private static void awaitGraph(RepresentationStore store) throws InterruptedException {
        for (int i = 0; i < 3_000; i++) {
            DeltaView delta = version(store).delta();
            DeltaGraph graph = delta.graph();
            if (graph != null && delta.count() - graph.covered() < DeltaGraph.BEHIND_MAX) {
                return;
            }
            Thread.sleep(10);
        }
        throw new AssertionError("the graph does not follow");
    }

    /** The share of the true best that are answered; whatever is answered must be there, with the row it has now. */
    private double recall(SpaceVersion version, float[][] queries, Metric metric, int step) {
        DenseIndex index = version.dense().orElseThrow();
        OrdinalFilter filter = OrdinalFilter.ALL;
        if (step > 1) {
            BitSet allowed = new BitSet();
            for (EntityId id : model.keySet()) {
                if (Integer.parseInt(id.value()) % step == 0) {
                    allowed.set(version.ordinal(id).orElseThrow());
                }
            }
            filter = OrdinalFilter.allow(allowed);
        }
        long hits = 0;
        for (float[] query : queries) {
            List<Float> best = new ArrayList<>();
            model.forEach((id, row) -> {
                if (Integer.parseInt(id.value()) % step == 0) {
                    best.add(score(metric, query, row));
                }
            });
            best.sort(Comparator.reverseOrder());
            Neighbors found = index.search(query, SearchOptions.of(K).withFilter(filter));
            assertThat(found.size()).isEqualTo(K);
            for (int i = 0; i < found.size(); i++) {
                EntityId id = version.id(found.ordinals()[i]);
                assertThat(model).as("%s is there", id).containsKey(id);
                float[] row = Objects.requireNonNull(model.get(id));
                assertThat(version.ordinal(id)).hasValue(found.ordinals()[i]);
                assertThat(found.scores()[i]).isCloseTo(score(metric, query, row), Offset.offset(1e-3f));
                hits += found.scores()[i] >= best.get(K - 1) - 1e-4f ? 1 : 0;
            }
        }
        return (double) hits / (queries.length * K);
    }

    private static float score(Metric metric, float[] a, float[] b) {
        double dot = 0;
        double aa = 0;
        double bb = 0;
        for (int i = 0; i < a.length; i++) {
            dot += (double) a[i] * b[i];
            aa += (double) a[i] * a[i];
            bb += (double) b[i] * b[i];
        }
        return (float) (metric == Metric.COSINE ? dot / Math.sqrt(aa * bb) : dot);
    }

    @ParameterizedTest
    @EnumSource(
            value = Metric.class,
            names = {"COSINE", "INNER_PRODUCT"})
    void manyChangesAreSearchedByAGraphAndAnsweredAsTheyAre(Metric metric) throws Exception {
        RandomGenerator random = Seeds.random("DeltaGraphTest");
        float[][] rows = SyntheticVectors.clustered(random, CHANGES + QUERIES, DIMENSION, 50, 0.7);
        float[][] queries = Arrays.copyOfRange(rows, CHANGES, rows.length);
        try (RepresentationStore store = open(metric)) {
            publish(store, rows, BASE_ROWS);
            change(store, random, rows, 0, CHANGES / 2);
            SpaceVersion held = version(store);
            Map<EntityId, float[]> then = new TreeMap<>(model);
            change(store, random, rows, CHANGES / 2, CHANGES);
            awaitGraph(store);

            assertThat(recall(version(store), queries, metric, 1)).isGreaterThan(0.95);
            assertThat(recall(version(store), queries, metric, 2)).isGreaterThan(0.95);
            Map<EntityId, float[]> now = new TreeMap<>(model);
            model.clear();
            model.putAll(then);
            assertThat(recall(held, queries, metric, 1))
                    .as("a view from before")
                    .isGreaterThan(0.95);
            model.clear();
            model.putAll(now);

            assertThat(store.compact("s", PublicationListener.NONE)).isTrue();
            assertThat(version(store).changed()).isFalse();
            assertThat(recall(version(store), queries, metric, 1)).isGreaterThan(0.95);
        }
        try (RepresentationStore again = open(metric)) {
            assertThat(recall(version(again), queries, metric, 1)).isGreaterThan(0.95);
        }
    }

    @Test
    void aBaseWithAGraphIsWalkedTogetherWithItsChangesAndCarriedOn() throws Exception {
        RandomGenerator random = Seeds.random("DeltaGraphTest");
        float[][] rows = SyntheticVectors.clustered(random, CHANGES + QUERIES, DIMENSION, 50, 0.7);
        float[][] queries = Arrays.copyOfRange(rows, CHANGES, rows.length);
        try (RepresentationStore store = open(Metric.COSINE)) {
            publish(store, rows, GRAPHED_ROWS);
            for (int round = 0; round < 3; round++) {
                change(store, random, rows, round * CHANGES / 3, (round + 1) * CHANGES / 3);
                awaitGraph(store);
                assertThat(Objects.requireNonNull(version(store).delta().graph())
                                .holdsBase())
                        .isTrue();
                assertThat(recall(version(store), queries, Metric.COSINE, 1)).isGreaterThan(0.95);
                assertThat(recall(version(store), queries, Metric.COSINE, 2)).isGreaterThan(0.95);
                assertThat(recall(version(store), queries, Metric.COSINE, RARE)).isEqualTo(1);
                List<String> steps = new ArrayList<>();
                assertThat(store.compact("s", (step, done, total) -> steps.add(step + " " + done)))
                        .isTrue();
                assertThat(steps).as("only what the graph lacks is linked").doesNotContain("index s 512");
                assertThat(version(store).dense().orElseThrow()).isInstanceOf(HnswIndex.class);
                assertThat(recall(version(store), queries, Metric.COSINE, 1)).isGreaterThan(0.95);
            }
        }
        try (RepresentationStore again = open(Metric.COSINE)) {
            assertThat(recall(version(again), queries, Metric.COSINE, 1)).isGreaterThan(0.95);
        }
    }

    @Test
    void anEntityThatIsReplacedOverAndOverDoesNotCrowdOthersOut() throws Exception {
        RandomGenerator random = Seeds.random("DeltaGraphTest");
        float[][] rows = SyntheticVectors.clustered(random, BASE_ROWS, DIMENSION, 5, 0.7);
        try (RepresentationStore store = open(Metric.COSINE)) {
            publish(store, rows, BASE_ROWS);
            List<Change> changes = new ArrayList<>();
            for (int i = 0; i < 5_000; i++) {
                float[] row = rows[0].clone();
                row[i % DIMENSION] += 1e-3f;
                changes.add(upsert(7, row));
            }
            store.apply("r", "s", "", changes);
            awaitGraph(store);
            assertThat(recall(version(store), new float[][] {rows[0]}, Metric.COSINE, 1))
                    .isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {BASE_ROWS, GRAPHED_ROWS})
    @DisplayName(
            "V11: bursts of exact copies under other ids are found, over a base of copies, after compaction and a restart")
    void burstsOfCopiesAreFound(int baseRows) throws Exception {
        RandomGenerator random = Seeds.random("DeltaGraphTest copies");
        float[][] distinct = SyntheticVectors.clustered(random, DISTINCT + QUERIES, DIMENSION, 50, 0.7);
        float[][] queries = Arrays.copyOfRange(distinct, DISTINCT, distinct.length);
        float[][] base = new float[baseRows][];
        Arrays.setAll(base, i -> distinct[i % DISTINCT]);
        float[][] changes = new float[CHANGES / 2][];
        Arrays.setAll(changes, i -> i % 100 < 50 ? distinct[i / 100 % DISTINCT] : distinct[random.nextInt(DISTINCT)]);
        try (RepresentationStore store = open(Metric.COSINE)) {
            publish(store, base, baseRows);
            assertThat(recall(version(store), queries, Metric.COSINE, 1)).isGreaterThanOrEqualTo(0.99);
            change(store, random, changes, 0, changes.length / 2);
            SpaceVersion held = version(store);
            Map<EntityId, float[]> then = new TreeMap<>(model);
            change(store, random, changes, changes.length / 2, changes.length);
            awaitGraph(store);
            for (int step : new int[] {1, 2, RARE}) {
                assertThat(recall(version(store), queries, Metric.COSINE, step)).isGreaterThanOrEqualTo(0.99);
            }
            Map<EntityId, float[]> now = new TreeMap<>(model);
            model.clear();
            model.putAll(then);
            assertThat(recall(held, queries, Metric.COSINE, 1))
                    .as("a view from before")
                    .isGreaterThanOrEqualTo(0.99);
            model.clear();
            model.putAll(now);
            assertThat(store.compact("s", PublicationListener.NONE)).isTrue();
            assertThat(recall(version(store), queries, Metric.COSINE, 1)).isGreaterThanOrEqualTo(0.99);
        }
        try (RepresentationStore again = open(Metric.COSINE)) {
            assertThat(again.findings()).isEmpty();
            assertThat(recall(version(again), queries, Metric.COSINE, 1)).isGreaterThanOrEqualTo(0.99);
            assertThat(recall(version(again), queries, Metric.COSINE, 2)).isGreaterThanOrEqualTo(0.99);
        }
    }

    @Test
    @DisplayName("V11 sibling: an entity that is sent over and over, unchanged, crowds nobody out, nor its copies")
    void anEntityThatIsSentUnchangedOverAndOver() throws Exception {
        RandomGenerator random = Seeds.random("DeltaGraphTest unchanged");
        float[][] rows = SyntheticVectors.clustered(random, BASE_ROWS, DIMENSION, 5, 0.7);
        try (RepresentationStore store = open(Metric.COSINE)) {
            publish(store, rows, BASE_ROWS);
            List<Change> changes = new ArrayList<>();
            for (int i = 0; i < 5_000; i++) {
                changes.add(upsert(i % 1_000 == 999 ? 8 + i / 1_000 : 7, rows[0]));
            }
            store.apply("r", "s", "", changes);
            awaitGraph(store);
            SpaceVersion version = version(store);
            assertThat(recall(version, new float[][] {rows[0], rows[1]}, Metric.COSINE, 1))
                    .isEqualTo(1);
            Neighbors found = version.dense().orElseThrow().search(rows[0], SearchOptions.of(7));
            assertThat(Arrays.stream(found.ordinals()).mapToObj(version::id))
                    .containsExactlyInAnyOrder(IntStream.of(0, 7, 8, 9, 10, 11, 12)
                            .mapToObj(id -> EntityId.of(USER, id))
                            .toArray(EntityId[]::new));
        }
    }

    private Change upsert(int id, float[] row) {
        model.put(EntityId.of(USER, id), row);
        return new Change.Upsert(EntityId.of(USER, id), new Embedding.Dense(row), OptionalLong.empty());
    }

    private void change(RepresentationStore store, RandomGenerator random, float[][] rows, int from, int to) {
        List<Change> changes = new ArrayList<>();
        for (int i = from; i < to; i++) {
            int id = random.nextInt(IDS);
            if (random.nextInt(10) == 0) {
                model.remove(EntityId.of(USER, id));
                changes.add(new Change.Delete(EntityId.of(USER, id), OptionalLong.empty()));
            } else {
                changes.add(upsert(id, rows[i]));
            }
            if (changes.size() == 250) {
                store.apply("r", "s", "", changes);
                changes = new ArrayList<>();
            }
        }
        store.apply("r", "s", "", changes);
    }
}
