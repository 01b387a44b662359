package repscorer.core.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.ann.HnswParameters;
import repscorer.ann.Neighbors;
import repscorer.ann.OrdinalFilter;
import repscorer.ann.SearchOptions;
import repscorer.ann.SparseSearchOptions;
import repscorer.core.embedding.DenseSpace;
import repscorer.core.embedding.Embedding;
import repscorer.core.embedding.EmbeddingFileWriter;
import repscorer.core.embedding.Space;
import repscorer.core.embedding.SparseSpace;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.core.failure.ScorerException.Conflict;
import repscorer.testing.Seeds;
import repscorer.vector.Metric;
import repscorer.vector.SparseVector;

/**
 * Random publications, staged and promoted ones, pins, upserts, deletions, compactions, roll-backs and restarts, each compared with a plain
 * map.
 */
class StoreModelTest {

    private static final int STEPS = 400;
    private static final int IDS = 60;
    private static final int DIMENSION = 5;
    private static final int CLUSTERS = 12;
    private static final EntityKind USER = EntityKind.USER;
    private static final DenseSpace DENSE = new DenseSpace(
            "twhin-user", "twhin", USER, DIMENSION, Metric.COSINE, "exact", HnswParameters.DEFAULT, 0.9, true);
    private static final SparseSpace SPARSE =
            new SparseSpace("clusters-user", "simclusters", USER, CLUSTERS, 1_000, false);
    private static final List<Space> SPACES = List.of(DENSE, SPARSE);
    private static final StoreOptions OPTIONS = new StoreOptions(2, 4 << 20, 1, 20, 1_000_000);

    @TempDir
    Path directory;

    private final RandomGenerator random = Seeds.random("StoreModelTest");
    private final Map<String, Model> releases = new TreeMap<>();
    private final Map<String, Model> staged = new TreeMap<>();
    private final Set<String> pinned = new TreeSet<>();
    private final List<String> order = new ArrayList<>();
    private int named;
    private String live = "";
    private int scratch;

    /** What a release should hold. */
    private static final class Model {
        final TreeMap<EntityId, float[]> dense = new TreeMap<>();
        final TreeMap<EntityId, SparseVector> sparse = new TreeMap<>();
        final Map<String, Long> numbers = new HashMap<>();
        final Map<String, Long> sequences = new HashMap<>(Map.of(DENSE.name(), 0L, SPARSE.name(), 0L));
    }

    private RepresentationStore open() {
        return RepresentationStore.open(directory.resolve("store"), SPACES, OPTIONS);
    }

    @Test
    void agreesWithAPlainMapAfterEveryStep() throws IOException {
        RepresentationStore store = open();
        publish(store);
        for (int step = 0; step < STEPS; step++) {
            switch (random.nextInt(24)) {
                case 0 -> publish(store);
                case 20 -> prepare(store);
                case 21 -> promote(store);
                case 22 -> pin(store);
                case 23 -> delete(store);
                case 1 -> {
                    store.close();
                    store = open();
                    assertThat(store.findings()).isEmpty();
                }
                case 2 -> {
                    List<String> kept = List.copyOf(releases.keySet());
                    live = kept.get(random.nextInt(kept.size()));
                    store.rollBack(live);
                }
                case 3, 4 -> {
                    boolean changed = store.compact(
                            random.nextBoolean() ? DENSE.name() : SPARSE.name(), PublicationListener.NONE);
                    assertThat(changed).isIn(true, false);
                }
                default -> change(store);
            }
            compare(store);
            for (String release : releases.keySet()) {
                if (random.nextInt(10) == 0) {
                    compare(store.snapshot(release).orElseThrow(), releases.get(release));
                }
            }
            for (String release : staged.keySet()) {
                if (random.nextInt(10) == 0) {
                    compare(store.snapshot(release).orElseThrow(), staged.get(release));
                }
            }
            List<String> listed = new ArrayList<>();
            store.releases().forEach(each -> listed.add(each.name() + (each.pinned() ? " pinned" : "")));
            List<String> expected = new ArrayList<>(staged.keySet());
            releases.keySet().forEach(each -> expected.add(each + (pinned.contains(each) ? " pinned" : "")));
            assertThat(listed).containsExactlyInAnyOrderElementsOf(expected);
        }
        store.close();
    }

    private void prepare(RepresentationStore store) throws IOException {
        String release = "r" + named++;
        if (staged.size() < Staging.PREPARED_MAX) {
            staged.put(release, stage(store, release));
            assertThat(store.prepare(release, RepresentationStore.Missing.REFUSED, PublicationListener.NONE)
                            .state())
                    .isEqualTo(Release.State.STAGED);
        }
    }

    private void promote(RepresentationStore store) {
        any(staged).ifPresent(release -> {
            store.promote(release, Optional.empty(), PublicationListener.NONE);
            goesLive(release, Objects.requireNonNull(staged.remove(release)));
        });
    }

    private void pin(RepresentationStore store) {
        any(releases).ifPresent(release -> {
            boolean pins = !pinned.contains(release) && pinned.size() < KeptReleases.PINNED_MAX;
            assertThat(store.pin(release, pins).pinned()).isEqualTo(pins);
            pinned.remove(release);
            if (pins) {
                pinned.add(release);
            }
        });
    }

    private void delete(RepresentationStore store) {
        any(random.nextBoolean() ? staged : releases).ifPresent(release -> {
            if (release.equals(live) || pinned.contains(release)) {
                assertThatThrownBy(() -> store.delete(release)).isInstanceOf(Conflict.class);
            } else {
                store.delete(release);
                staged.remove(release);
                releases.remove(release);
            }
        });
    }

    private Optional<String> any(Map<String, Model> some) {
        return some.isEmpty()
                ? Optional.empty()
                : Optional.of(List.copyOf(some.keySet()).get(random.nextInt(some.size())));
    }

    private void publish(RepresentationStore store) throws IOException {
        String release = "r" + named++;
        Model model = stage(store, release);
        store.publish(release, PublicationListener.NONE);
        goesLive(release, model);
    }

    private Model stage(RepresentationStore store, String release) throws IOException {
        Model model = new Model();
        EmbeddingFileWriter dense = EmbeddingFileWriter.dense(DENSE.name(), "twhin", USER, DIMENSION);
        EmbeddingFileWriter sparse =
                EmbeddingFileWriter.sparse(SPARSE.name(), "simclusters", USER, clusters(), Map.of());
        for (int i = 0; i < IDS; i++) {
            EntityId id = EntityId.of(USER, i);
            if (random.nextInt(3) > 0) {
                float[] row = row();
                dense.add(id, row);
                model.dense.put(id, row);
            }
            if (random.nextInt(3) > 0) {
                SparseVector row = sparseRow();
                sparse.add(id, row);
                model.sparse.put(id, row);
            }
        }
        stage(store, release, DENSE.name(), dense);
        stage(store, release, SPARSE.name(), sparse);
        return model;
    }

    private void goesLive(String release, Model model) {
        releases.put(release, model);
        order.add(release);
        live = release;
        List<String> names = order.reversed();
        int kept = 0;
        for (String name : names) {
            if (!name.equals(live)
                    && !pinned.contains(name)
                    && releases.containsKey(name)
                    && ++kept > OPTIONS.releasesKept()) {
                releases.remove(name);
            }
        }
    }

    private void stage(RepresentationStore store, String release, String space, EmbeddingFileWriter writer)
            throws IOException {
        Path file = writer.writeTo(Files.createDirectory(directory.resolve("scratch" + scratch++)));
        store.stage(release, space, new ByteArrayInputStream(Files.readAllBytes(file)));
    }

    private static List<EntityId> clusters() {
        List<EntityId> clusters = new ArrayList<>();
        for (int i = 0; i < CLUSTERS; i++) {
            clusters.add(EntityId.parse("cluster:" + i));
        }
        return clusters;
    }

    private float[] row() {
        float[] row = new float[DIMENSION];
        for (int i = 0; i < DIMENSION; i++) {
            row[i] = random.nextFloat(-1, 1);
        }
        return row;
    }

    private SparseVector sparseRow() {
        int[] columns = random.ints(0, CLUSTERS)
                .limit(1 + random.nextInt(4))
                .distinct()
                .sorted()
                .toArray();
        float[] weights = new float[columns.length];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = random.nextFloat(0.1f, 1);
        }
        return new SparseVector(columns, weights);
    }

    private void change(RepresentationStore store) {
        boolean dense = random.nextBoolean();
        String space = dense ? DENSE.name() : SPARSE.name();
        Model model = Objects.requireNonNull(releases.get(live));
        String producer = random.nextBoolean() ? "" : "p" + random.nextInt(2);
        List<Change> changes = new ArrayList<>();
        List<@Nullable Class<?>> expected = new ArrayList<>();
        int count = 1 + random.nextInt(5);
        for (int i = 0; i < count; i++) {
            EntityId id = EntityId.of(USER, random.nextInt(IDS + 20));
            OptionalLong number = random.nextBoolean() ? OptionalLong.empty() : OptionalLong.of(random.nextInt(500));
            boolean delete = random.nextInt(3) == 0;
            boolean wrong = random.nextInt(8) == 0;
            if (wrong) {
                id = EntityId.of(EntityKind.TWEET, 1);
            }
            float[] row = row();
            SparseVector sparseRow = sparseRow();
            changes.add(
                    delete
                            ? new Change.Delete(id, number)
                            : new Change.Upsert(
                                    id, dense ? new Embedding.Dense(row) : new Embedding.Sparse(sparseRow), number));
            String key = space + "/" + producer;
            if (wrong) {
                expected.add(Outcome.Refused.class);
            } else if (number.isPresent() && number.getAsLong() <= model.numbers.getOrDefault(key, -1L)) {
                expected.add(Outcome.Duplicate.class);
            } else {
                expected.add(Outcome.Accepted.class);
                number.ifPresent(n -> model.numbers.put(key, n));
                model.sequences.merge(space, 1L, Long::sum);
                Map<EntityId, ?> rows = dense ? model.dense : model.sparse;
                rows.remove(id);
                if (!delete && dense) {
                    model.dense.put(id, row);
                } else if (!delete) {
                    model.sparse.put(id, sparseRow);
                }
            }
        }
        List<Outcome> outcomes = store.apply(live, space, producer, changes);
        assertThat(outcomes).extracting(Object::getClass).isEqualTo(expected);
    }

    private void compare(RepresentationStore store) {
        assertThat(store.current().release()).isEqualTo(live);
        compare(store.current(), releases.get(live));
    }

    private void compare(Snapshot snapshot, @Nullable Model expected) {
        Model model = Objects.requireNonNull(expected);
        SpaceVersion dense = snapshot.space(DENSE.name()).orElseThrow();
        SpaceVersion sparse = snapshot.space(SPARSE.name()).orElseThrow();
        assertThat(dense.count()).isEqualTo(model.dense.size());
        assertThat(sparse.count()).isEqualTo(model.sparse.size());
        long changes = model.sequences.getOrDefault(DENSE.name(), 0L);
        assertThat(dense.version()).matches(changes == 0 ? "[0-9a-f]{16}" : "[0-9a-f]{16}\\+" + changes);
        for (int i = 0; i < IDS + 20; i++) {
            EntityId id = EntityId.of(USER, i);
            float[] row = model.dense.get(id);
            assertThat(dense.embedding(id).isPresent()).isEqualTo(row != null);
            if (row != null && dense.embedding(id).orElseThrow() instanceof Embedding.Dense got) {
                assertThat(got.values()).containsExactly(row);
            }
            SparseVector entries = model.sparse.get(id);
            assertThat(sparse.embedding(id).isPresent()).isEqualTo(entries != null);
            if (entries != null && sparse.embedding(id).orElseThrow() instanceof Embedding.Sparse got) {
                assertThat(got.vector()).isEqualTo(entries);
            }
        }
        searchDense(dense, model);
        searchSparse(sparse, model);
    }

    private record Hit(EntityId id, double score) {}

    private void searchDense(SpaceVersion version, Model model) {
        float[] query = row();
        EntityId excluded = EntityId.of(USER, random.nextInt(IDS));
        List<Hit> expected = new ArrayList<>();
        model.dense.forEach((id, row) -> {
            double dot = 0;
            double a = 0;
            double b = 0;
            for (int i = 0; i < DIMENSION; i++) {
                dot += (double) query[i] * row[i];
                a += (double) query[i] * query[i];
                b += (double) row[i] * row[i];
            }
            if (!id.equals(excluded)) {
                expected.add(new Hit(id, dot / Math.sqrt(a * b)));
            }
        });
        Neighbors found =
                version.dense().orElseThrow().search(query, SearchOptions.of(7).withFilter(without(version, excluded)));
        same(version, found, expected, 7);
    }

    private void searchSparse(SpaceVersion version, Model model) {
        SparseVector query = sparseRow();
        EntityId excluded = EntityId.of(USER, random.nextInt(IDS));
        List<Hit> expected = new ArrayList<>();
        model.sparse.forEach((id, row) -> {
            double dot = 0;
            for (int i = 0; i < query.size(); i++) {
                int at = Arrays.binarySearch(row.columns(), query.columns()[i]);
                dot += at < 0 ? 0 : (double) query.weights()[i] * row.weights()[at];
            }
            if (dot > 0 && !id.equals(excluded)) {
                expected.add(new Hit(id, dot / Math.sqrt(query.squaredNorm() * row.squaredNorm())));
            }
        });
        SparseSearchOptions plain = SparseSearchOptions.of(7);
        Neighbors found = version.sparse()
                .orElseThrow()
                .search(
                        query,
                        new SparseSearchOptions(
                                plain.clustersScanned(),
                                plain.itemsPerCluster(),
                                plain.candidatesMax(),
                                plain.resultsMax(),
                                plain.scoreMin(),
                                plain.ranking(),
                                plain.mode(),
                                without(version, excluded)));
        same(version, found, expected, 7);
    }

    private static OrdinalFilter without(SpaceVersion version, EntityId id) {
        BitSet denied = new BitSet();
        OptionalInt ordinal = version.ordinal(id);
        ordinal.ifPresent(denied::set);
        return OrdinalFilter.deny(denied);
    }

    private static void same(SpaceVersion version, Neighbors found, Collection<Hit> all, int k) {
        List<Hit> expected = all.stream()
                .sorted(Comparator.comparingDouble(Hit::score).reversed())
                .limit(k)
                .toList();
        assertThat(found.size()).isEqualTo(expected.size());
        for (int i = 0; i < found.size(); i++) {
            assertThat((double) found.scores()[i]).isCloseTo(expected.get(i).score(), within(1e-5));
            EntityId id = version.id(found.ordinals()[i]);
            double score = all.stream()
                    .filter(hit -> hit.id().equals(id))
                    .findFirst()
                    .orElseThrow()
                    .score();
            assertThat(score).isCloseTo(expected.get(i).score(), within(1e-5));
        }
    }

    private static org.assertj.core.data.Offset<Double> within(double offset) {
        return org.assertj.core.data.Offset.offset(offset);
    }
}
