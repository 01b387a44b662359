package repscorer.core.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import repscorer.ann.HnswParameters;
import repscorer.core.disk.Disk;
import repscorer.core.disk.ForwardingDisk;
import repscorer.core.embedding.DenseSpace;
import repscorer.core.embedding.Embedding;
import repscorer.core.embedding.EmbeddingFileWriter;
import repscorer.core.embedding.Space;
import repscorer.core.embedding.SparseSpace;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.core.failure.ScorerException.Conflict;
import repscorer.core.failure.ScorerException.Storage;
import repscorer.core.store.RepresentationStore.Missing;
import repscorer.vector.Metric;
import repscorer.vector.SparseVector;

/** What may go live together, and in place of what. */
@Timeout(180)
class PublicationTest {

    private static final Space A = dense("a", "m", "exact");
    private static final Space B = dense("b", "m", "exact");
    private static final Space C = dense("c", "n", "hnsw");
    private static final Space S = new SparseSpace("s", "s", EntityKind.USER, 10, 100, false);
    private static final Missing CARRIED = new Missing(false, Set.of(Missing.ALL));
    private static final StoreOptions OPTIONS = new StoreOptions(3, 1 << 20, 1, 10, 1_000_000, 1);

    @TempDir
    Path directory;

    private static Space dense(String name, String model, String engine) {
        return new DenseSpace(
                name, model, EntityKind.USER, 2, Metric.L2, engine, HnswParameters.DEFAULT, 0.5, name.equals("a"));
    }

    private RepresentationStore open(Disk disk) {
        return RepresentationStore.open(directory.resolve("store"), List.of(A, B, C, S), OPTIONS, disk);
    }

    private RepresentationStore open() {
        return open(Disk.LOCAL);
    }

    /** Rows 1 to 4 of a space; the training is none where it is empty. */
    private static EmbeddingFileWriter rows(Space space, float first, String training) {
        EmbeddingFileWriter writer;
        if (space instanceof SparseSpace) {
            writer = EmbeddingFileWriter.sparse(
                    space.name(),
                    space.model(),
                    space.kind(),
                    List.of(EntityId.parse("cluster:0"), EntityId.parse("cluster:1")),
                    Map.of());
        } else {
            writer = EmbeddingFileWriter.dense(space.name(), space.model(), space.kind(), 2);
        }
        for (int row = 1; row <= 4; row++) {
            EntityId id = EntityId.of(space.kind(), row);
            if (space instanceof SparseSpace) {
                writer.add(id, new SparseVector(new int[] {0, 1}, new float[] {first, row}));
            } else {
                writer.add(id, new float[] {first, row});
            }
        }
        return training.isEmpty() ? writer : writer.training(training);
    }

    private void stage(RepresentationStore store, String release, float first, String training, Space... spaces)
            throws IOException {
        for (Space space : spaces) {
            StoreFixture.stage(store, release, rows(space, first, training), directory);
        }
    }

    private Release publish(RepresentationStore store, String release, float first, Missing missing, Space... spaces)
            throws IOException {
        stage(store, release, first, "", spaces);
        return store.publish(release, missing, PublicationListener.NONE);
    }

    /** The first value of every row, by space and id. */
    private static Map<String, Float> values(Snapshot snapshot) {
        Map<String, Float> values = new TreeMap<>();
        for (SpaceVersion version : snapshot.spaces()) {
            for (int row = 1; row <= 300; row++) {
                EntityId id = EntityId.of(EntityKind.USER, row);
                version.embedding(id)
                        .ifPresent(embedding -> values.put(version.space().name() + "/" + id, first(embedding)));
            }
        }
        return values;
    }

    private static float first(Embedding embedding) {
        return switch (embedding) {
            case Embedding.Dense dense -> dense.values()[0];
            case Embedding.Sparse sparse -> sparse.vector().weights()[0];
            case Embedding.Text text -> throw new AssertionError("no texts are put in: " + text);
        };
    }

    private static Change numbered(int id, float value, long number) {
        return new Change.Upsert(
                EntityId.of(EntityKind.USER, id),
                new Embedding.Dense(new float[] {value, id}),
                OptionalLong.of(number));
    }

    @Test
    @DisplayName("S1: files of a model that name two trainings do not go live together, and both are named")
    void twoTrainingsDoNotGoLiveTogether() throws IOException {
        try (RepresentationStore store = open()) {
            stage(store, "mixed", 1, "seed-1", A);
            stage(store, "mixed", 1, "seed-77", B);
            assertThatThrownBy(() -> store.publish("mixed", PublicationListener.NONE))
                    .isInstanceOfSatisfying(
                            Conflict.class, e -> assertThat(e.code()).isEqualTo("training-differs"))
                    .hasMessageContaining("a names seed-1")
                    .hasMessageContaining("b names seed-77");
            assertThat(store.current().isEmpty()).isTrue();
            stage(store, "mixed", 1, "seed-1", B); // the right file in its place
            stage(store, "mixed", 1, "seed-77", C, S); // other models have coordinates of their own
            assertThat(store.publish("mixed", PublicationListener.NONE).state()).isEqualTo(Release.State.LIVE);
        }
    }

    @Test
    @DisplayName("S1: files that name no training go together, but not with one of their model that does")
    void unnamedFilesAreNotTakenForANamedTraining() throws IOException {
        try (RepresentationStore store = open()) {
            stage(store, "r1", 1, "", A, B);
            store.publish("r1", PublicationListener.NONE);
            stage(store, "r2", 2, "", A);
            stage(store, "r2", 2, "t", B);
            assertThatThrownBy(() -> store.publish("r2", PublicationListener.NONE))
                    .isInstanceOf(Conflict.class)
                    .hasMessageContaining("a names none, b names t");
        }
    }

    @Test
    @DisplayName("S1: a space that is carried over is of the staged files' training or stays behind")
    void carriedSpacesKeepToTheRuleOfTrainings() throws IOException {
        try (RepresentationStore store = open()) {
            stage(store, "r1", 1, "t1", A, B, C);
            store.publish("r1", PublicationListener.NONE);
            stage(store, "r2", 2, "t2", A);
            assertThatThrownBy(() -> store.publish("r2", CARRIED, PublicationListener.NONE))
                    .isInstanceOf(Conflict.class)
                    .hasMessageContaining("a names t2, b names t1");
            assertThatThrownBy(() -> store.publish("r2", new Missing(false, Set.of("c")), PublicationListener.NONE))
                    .isInstanceOf(Conflict.class)
                    .hasMessageContaining("r1: b;");
            Release live = store.publish("r2", new Missing(true, Set.of("c")), PublicationListener.NONE);
            assertThat(live.versions()).containsOnlyKeys("a", "c");
            assertThat(live.carried()).containsExactly(Map.entry("c", "r1"));
        }
    }

    @Test
    @DisplayName("S1: a compacted base is of the training that its space is of")
    void compactionKeepsTheTraining() throws IOException {
        try (RepresentationStore store = open()) {
            stage(store, "r1", 1, "t1", A, B);
            store.publish("r1", PublicationListener.NONE);
            store.apply("r1", "b", "", List.of(StoreFixture.upsert(9, 9, 9)));
            store.compact("b", PublicationListener.NONE);
            stage(store, "r2", 2, "t2", A);
            assertThatThrownBy(() -> store.publish("r2", CARRIED, PublicationListener.NONE))
                    .hasMessageContaining("a names t2, b names t1");
            stage(store, "r3", 2, "t1", A);
            store.publish("r3", CARRIED, PublicationListener.NONE);
            assertThat(values(store.current())).containsEntry("b/user:9", 9f).containsEntry("a/user:1", 2f);
        }
    }

    @Test
    @DisplayName("S5: a publication that lacks spaces of the live release says which and is refused")
    void aPartialReleaseIsRefused() throws IOException {
        try (RepresentationStore store = open()) {
            publish(store, "r1", 1, Missing.REFUSED, A, B, C);
            Map<String, Float> before = values(store.current());
            assertThatThrownBy(() -> publish(store, "r2", 2, Missing.REFUSED, A))
                    .isInstanceOfSatisfying(
                            Conflict.class, e -> assertThat(e.code()).isEqualTo("spaces-missing"))
                    .hasMessageContaining("release r2 lacks spaces of the live release r1: b, c;");
            assertThat(values(store.current())).isEqualTo(before);
            assertThat(store.publish("r2", Missing.LEFT, PublicationListener.NONE)
                            .versions())
                    .containsOnlyKeys("a");
            assertThat(store.rollBack("r1").versions()).containsOnlyKeys("a", "b", "c");
            assertThat(store.rollBack("r2").versions()).containsOnlyKeys("a"); // no publication
        }
    }

    @Test
    @DisplayName(
            "S5: what was carried over has its version, its changes and its producers' numbers, after a restart too")
    void carriedSpacesHaveTheirChanges() throws IOException {
        Map<String, Float> expected;
        Map<String, String> versions = new TreeMap<>();
        try (RepresentationStore store = open()) {
            publish(store, "r1", 1, Missing.REFUSED, A, B, C, S);
            store.apply("r1", "c", "p", List.of(numbered(5, 50, 1), numbered(6, 60, 2)));
            store.compact("c", PublicationListener.NONE);
            store.apply("r1", "c", "p", List.of(numbered(6, 61, 3), numbered(7, 70, 4)));
            store.apply(
                    "r1", "c", "", List.of(new Change.Delete(EntityId.of(EntityKind.USER, 1), OptionalLong.empty())));
            store.apply(
                    "r1",
                    "s",
                    "",
                    List.of(new Change.Upsert(
                            EntityId.of(EntityKind.USER, 8),
                            new Embedding.Sparse(new SparseVector(new int[] {0}, new float[] {80})),
                            OptionalLong.empty())));
            expected = values(store.current());
            for (String space : List.of("b", "c", "s")) {
                versions.put(space, store.current().space(space).orElseThrow().version());
            }
            Release live = publish(store, "r2", 2, CARRIED, A);
            assertThat(live.carried()).containsOnlyKeys("b", "c", "s");
            expected.replaceAll((row, value) -> row.startsWith("a/") ? 2f : value);
            check(store, expected, versions);
            assertThat(store.apply("r2", "c", "p", List.of(numbered(9, 90, 4), numbered(9, 91, 5))))
                    .containsExactly(new Outcome.Duplicate(4), new Outcome.Accepted(6));
            expected.put("c/user:9", 91f);
            versions.computeIfPresent("c", (space, version) -> version.replace("+5", "+6"));
            check(store, expected, versions);
            assertThat(store.snapshot("r1")
                            .orElseThrow()
                            .space("c")
                            .orElseThrow()
                            .count())
                    .isEqualTo(6);
            store.compact("c", PublicationListener.NONE);
            check(store, expected, versions);
            store.apply("r2", "b", "", List.of(StoreFixture.upsert(9, 9, 9)));
            expected.put("b/user:9", 9f);
            versions.computeIfPresent("b", (space, version) -> version + "+1");
        }
        try (RepresentationStore again = open()) {
            check(again, expected, versions);
            assertThat(again.findings()).isEmpty();
            // Asked again after an answer that was lost, it changes nothing.
            assertThat(publish(again, "r2", 2, CARRIED, A).carried()).containsOnlyKeys("b", "c", "s");
            assertThatThrownBy(() -> publish(again, "r2", 3, CARRIED, A)).hasMessageContaining("other versions");
        }
        StoreArchive.Report report = StoreArchive.restore(directory.resolve("store"), directory.resolve("restored"));
        assertThat(report.findings()).isEmpty();
        try (RepresentationStore restored =
                RepresentationStore.open(directory.resolve("restored"), List.of(A, B, C, S), OPTIONS)) {
            check(restored, expected, versions);
        }
    }

    private static void check(RepresentationStore store, Map<String, Float> values, Map<String, String> versions) {
        assertThat(store.current().release()).isEqualTo("r2");
        assertThat(values(store.current())).isEqualTo(values);
        versions.forEach((space, version) -> assertThat(
                        store.current().space(space).orElseThrow().version())
                .as(space)
                .isEqualTo(version));
        assertThat(store.current().entities().size()).isGreaterThanOrEqualTo(4);
    }

    @Test
    @DisplayName("S5: only what the live release has and the new one lacks is carried over")
    void thereMustBeSomethingToCarry() throws IOException {
        try (RepresentationStore store = open()) {
            assertThat(publish(store, "r0", 1, CARRIED, A).carried()).isEmpty(); // nothing to lose yet
            publish(store, "r1", 1, Missing.REFUSED, A, B);
            for (String space : List.of("a", "c", "no-space")) {
                stage(store, "r2", 2, "", A);
                assertThatThrownBy(
                                () -> store.publish("r2", new Missing(true, Set.of(space)), PublicationListener.NONE))
                        .isInstanceOf(Conflict.class)
                        .hasMessageContaining("'" + space + "' is");
            }
        }
    }

    @Test
    @DisplayName("S5: every change that is acknowledged while its space is carried over is in one release or the other")
    void noAcknowledgedChangeIsLostBesideAPublication() throws Exception {
        try (RepresentationStore store = open();
                ExecutorService writers = Executors.newCachedThreadPool()) {
            publish(store, "r1", 1, Missing.REFUSED, A, B, C);
            AtomicBoolean end = new AtomicBoolean();
            List<Future<List<Integer>>> writing = new ArrayList<>();
            for (int writer = 0; writer < 3; writer++) {
                int base = 10 + 90 * writer;
                writing.add(writers.submit(() -> {
                    List<Integer> acknowledged = new ArrayList<>();
                    for (int i = 0; !end.get(); i++) {
                        int id = base + i % 90;
                        try {
                            store.apply(
                                    store.current().release(), "c", "", List.of(StoreFixture.upsert(id, 1000 + i, id)));
                            acknowledged.add(1000 + i);
                        } catch (Conflict e) {
                            acknowledged.add(0);
                        }
                        Thread.sleep(1); // else a slow machine has nothing but writers
                    }
                    return acknowledged;
                }));
            }
            for (int release = 2; release <= 6; release++) {
                publish(store, "r" + release, release, CARRIED, A, B);
            }
            end.set(true);
            for (int writer = 0; writer < 3; writer++) {
                int base = 10 + 90 * writer;
                Map<Integer, Float> last = new TreeMap<>();
                List<Integer> acknowledged = writing.get(writer).get();
                for (int i = 0; i < acknowledged.size(); i++) {
                    if (acknowledged.get(i) > 0) {
                        last.put(base + i % 90, (float) acknowledged.get(i));
                    }
                }
                assertThat(last).isNotEmpty();
                Map<String, Float> live = values(store.current());
                last.forEach((id, value) -> assertThat(live).containsEntry("c/user:" + id, value));
            }
        }
    }

    @Test
    @DisplayName("S5: a carried space is not left half behind by a disk that fails, and none of it comes up later")
    void aFailedCarryLeavesNothing() throws IOException {
        boolean[] fails = new boolean[1];
        Disk disk = new ForwardingDisk(Disk.LOCAL) {
            @Override
            public void move(Path from, Path to) throws IOException {
                if (fails[0] && to.endsWith("LIVE")) {
                    throw new IOException("Input/output error");
                }
                super.move(from, to);
            }
        };
        Map<String, Float> before;
        try (RepresentationStore store = open(disk)) {
            publish(store, "r1", 1, Missing.REFUSED, A, B, C);
            store.apply("r1", "c", "", List.of(StoreFixture.upsert(5, 50, 5)));
            before = values(store.current());
            fails[0] = true;
            assertThatThrownBy(() -> publish(store, "r2", 2, CARRIED, A)).isInstanceOf(Storage.class);
            fails[0] = false;
            assertThat(values(store.current())).isEqualTo(before);
            store.apply("r1", "c", "", List.of(StoreFixture.upsert(6, 60, 6)));
            // The same name with its own file of the space: nothing of the carried log is in it.
            publish(store, "r2", 2, Missing.LEFT, A, C);
            assertThat(values(store.current()))
                    .containsOnlyKeys(
                            "a/user:1",
                            "a/user:2",
                            "a/user:3",
                            "a/user:4",
                            "c/user:1",
                            "c/user:2",
                            "c/user:3",
                            "c/user:4");
        }
        try (RepresentationStore again = open()) {
            assertThat(values(again.current())).hasSize(8);
            assertThat(values(again.snapshot("r1").orElseThrow())).hasSize(before.size() + 1);
        }
    }

    @Test
    @DisplayName("S4: a release is newer than one whose publication is uncertain, should that come up after a restart")
    void anUncertainReleaseIsOlderThanTheNext() throws IOException {
        boolean[] fails = new boolean[1];
        Disk disk = new ForwardingDisk(Disk.LOCAL) {
            @Override
            public void move(Path from, Path to) throws IOException {
                if (fails[0] && to.endsWith("LIVE")) {
                    throw new IOException("Input/output error");
                }
                super.move(from, to);
            }
        };
        try (RepresentationStore store = open(disk)) {
            for (int release = 1; release <= 9; release++) {
                fails[0] = release % 2 == 0;
                if (fails[0]) {
                    String name = "r" + release;
                    assertThatThrownBy(() -> publish(store, name, 1, Missing.REFUSED, A))
                            .isInstanceOfSatisfying(
                                    Storage.class,
                                    e -> assertThat(e.uncertain()).isTrue());
                } else {
                    publish(store, "r" + release, 1, Missing.REFUSED, A);
                }
            }
        }
        try (RepresentationStore again = open()) {
            assertThat(again.releases()).extracting(Release::name).isSortedAccordingTo(Comparator.reverseOrder());
            assertThat(again.releases()).extracting(Release::name).contains("r9", "r8", "r7", "r6");
        }
    }
}
