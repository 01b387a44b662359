package repscorer.core.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static repscorer.core.store.StoreFixture.OPTIONS;
import static repscorer.core.store.StoreFixture.stage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
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
import repscorer.core.erasure.ErasedSubjects;
import repscorer.core.erasure.Erasure;
import repscorer.core.failure.ScorerException;
import repscorer.vector.Metric;
import repscorer.vector.SparseVector;

/** Subjects that are erased from a store, whose files are then searched byte by byte for what stood in them. */
class StoreErasureTest {

    private static final String NAME = "user:planted-7c1d9e";
    private static final EntityId SUBJECT = EntityId.parse(NAME);
    private static final float[] VECTOR = {0.123456789f, -0.987654321f};
    private static final float[] STREAMED = {0.31415927f, -0.27182817f};

    private static final DenseSpace DENSE =
            new DenseSpace("a", "m", EntityKind.USER, 2, Metric.L2, "hnsw", HnswParameters.DEFAULT, 0.5, true);
    private static final SparseSpace HISTORY = new SparseSpace("h", "history", EntityKind.USER, 10, 0, false);

    @TempDir
    Path directory;

    private ErasedSubjects subjects;
    private RepresentationStore store;

    @BeforeEach
    void open() throws IOException {
        open(Disk.LOCAL);
    }

    private void open(Disk disk) throws IOException {
        subjects = ErasedSubjects.open(Disk.LOCAL, directory.resolve("erasures"));
        store = RepresentationStore.open(
                directory.resolve("store"), List.<Space>of(DENSE, HISTORY), OPTIONS, disk, subjects);
    }

    @AfterEach
    void close() {
        store.close();
    }

    private static List<EntityId> ids() {
        List<EntityId> ids = new ArrayList<>();
        for (int i = 1; i <= 9; i++) {
            ids.add(EntityId.of(EntityKind.USER, i));
        }
        ids.add(SUBJECT);
        return ids;
    }

    /** Ten users, one of them planted, whom user 1 follows with user 2. */
    private void stageAll(String release) throws IOException {
        EmbeddingFileWriter dense = EmbeddingFileWriter.dense("a", "m", EntityKind.USER, 2);
        for (EntityId id : ids()) {
            dense.add(id, id.equals(SUBJECT) ? VECTOR : new float[] {1, Float.parseFloat(id.value())});
        }
        stage(store, release, dense, directory);
        EmbeddingFileWriter history =
                EmbeddingFileWriter.sparse("h", "history", EntityKind.USER, ids(), Map.of(9, "label-7c1d9e"));
        history.add(ids().getFirst(), new SparseVector(new int[] {1, 9}, new float[] {1, 1}));
        history.add(SUBJECT, new SparseVector(new int[] {2}, new float[] {1}));
        stage(store, release, history, directory);
    }

    private void publishAll(String release) throws IOException {
        stageAll(release);
        store.publish(release, PublicationListener.NONE);
    }

    private Erasure erase() throws IOException {
        Erasure erasure = subjects.add(List.of(NAME), Set.of("user"), "test", "asked", Instant.now());
        store.erasure().hide(subjects.of(erasure).known(List.of(SUBJECT)), erasure.number());
        return erasure;
    }

    private void rewrite(Erasure erasure) throws IOException {
        store.erasure().rewrite(subjects.of(erasure), PublicationListener.NONE, (place, words) -> {});
        store.erasure().mark().carriedOut(erasure.number());
    }

    private static byte[] bytes(float[] values, ByteOrder order) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(order);
        for (float value : values) {
            bytes.putFloat(value);
        }
        return bytes.array();
    }

    /** Files that hold the id's text, its label or one of its vectors, by plain search. */
    static List<String> filesWith(Path root, byte[]... needles) {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> {
                        String content = new String(read(file), StandardCharsets.ISO_8859_1);
                        return Stream.of(needles)
                                .anyMatch(each -> content.contains(new String(each, StandardCharsets.ISO_8859_1)));
                    })
                    .map(file -> root.relativize(file).toString())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> planted() {
        return filesWith(
                directory.resolve("store"),
                "planted-7c1d9e".getBytes(StandardCharsets.UTF_8),
                "label-7c1d9e".getBytes(StandardCharsets.UTF_8),
                bytes(VECTOR, ByteOrder.LITTLE_ENDIAN),
                bytes(STREAMED, ByteOrder.LITTLE_ENDIAN),
                bytes(VECTOR, ByteOrder.BIG_ENDIAN));
    }

    private void stream(EntityId id, float[] values) {
        String release = store.current().release();
        assertThat(store.apply(
                        release,
                        "a",
                        "",
                        List.of(new Change.Upsert(id, new Embedding.Dense(values), OptionalLong.empty()))))
                .allMatch(each -> each instanceof Outcome.Accepted);
    }

    private boolean answers(Snapshot snapshot) {
        SpaceVersion dense = snapshot.space("a").orElseThrow();
        return dense.embedding(SUBJECT).isPresent()
                || dense.dense()
                                .orElseThrow()
                                .search(VECTOR, repscorer.ann.SearchOptions.of(20))
                                .ordinals()
                                .length
                        > dense.count();
    }

    private static Set<String> followed(Snapshot snapshot, EntityId id) {
        SpaceVersion history = snapshot.space("h").orElseThrow();
        SparseVector row = history.sparse(history.ordinal(id).orElseThrow());
        Set<String> names = new java.util.TreeSet<>();
        for (int column : row.columns()) {
            names.add(history.file().columns().orElseThrow().id(column).toString());
        }
        return names;
    }

    @Test
    void theSubjectIsOutOfSightAtOnceAndOutOfAllFilesAfterwards() throws IOException {
        publishAll("r1");
        publishAll("r2");
        stageAll("r3");
        store.prepare("r3", RepresentationStore.Missing.REFUSED, PublicationListener.NONE);
        stageAll("r4");
        stream(SUBJECT, STREAMED);
        assertThat(planted()).as("what is planted is found").hasSizeGreaterThan(8);

        Erasure erasure = erase();

        for (String release : List.of("r1", "r2")) {
            assertThat(store.named(release).space("a").orElseThrow().embedding(SUBJECT))
                    .as(release)
                    .isEmpty();
            assertThat(store.named(release).space("h").orElseThrow().ordinal(SUBJECT))
                    .as(release)
                    .isEmpty();
        }
        assertThat(store.snapshot("r3")).isEmpty();

        rewrite(erasure);

        assertThat(planted()).isEmpty();
        assertThat(store.erasure().look(subjects.all()))
                .allMatch(each -> each.found() == 0)
                .hasSize(5);
        assertThat(store.releases())
                .extracting(Release::name, Release::state)
                .containsExactlyInAnyOrder(
                        org.assertj.core.groups.Tuple.tuple("r1", Release.State.KEPT),
                        org.assertj.core.groups.Tuple.tuple("r2", Release.State.LIVE),
                        org.assertj.core.groups.Tuple.tuple("r3", Release.State.STAGED));
        for (String release : List.of("r1", "r2", "r3")) {
            assertThat(answers(store.named(release))).as(release).isFalse();
            assertThat(followed(store.named(release), ids().getFirst()))
                    .as(release)
                    .containsExactly("user:2");
        }
        store.publish("r4", PublicationListener.NONE);
        store.rollBack("r2");
        assertThat(answers(store.current())).isFalse();
        assertThat(planted()).isEmpty();
    }

    @Test
    void allOthersAreWhatTheyWere() throws IOException {
        publishAll("r1");
        stream(EntityId.of(EntityKind.USER, 3), new float[] {7, 7});
        float[] before = store.current()
                .space("a")
                .orElseThrow()
                .dense(store.current()
                        .space("a")
                        .orElseThrow()
                        .ordinal(EntityId.of(EntityKind.USER, 3))
                        .orElseThrow());

        rewrite(erase());

        SpaceVersion dense = store.current().space("a").orElseThrow();
        assertThat(dense.count()).isEqualTo(9);
        assertThat(dense.dense(dense.ordinal(EntityId.of(EntityKind.USER, 3)).orElseThrow()))
                .isEqualTo(before);
        for (int i = 1; i <= 9; i++) {
            assertThat(dense.ordinal(EntityId.of(EntityKind.USER, i))).isPresent();
        }
        assertThat(followed(store.current(), ids().getFirst())).contains("user:2");
        assertThat(StoreArchive.verify(directory.resolve("store")).damaged()).isFalse();
    }

    @Test
    void filesThatComeLaterHaveTheSubjectTakenOut() throws IOException {
        publishAll("r1");
        rewrite(erase());

        publishAll("r2");

        assertThat(answers(store.current())).isFalse();
        assertThat(planted()).isEmpty();
    }

    @Test
    void whatIsStreamedLaterIsNewAndStaysOverARestart() throws IOException {
        publishAll("r1");
        Erasure erasure = erase();
        stream(SUBJECT, STREAMED);
        close();

        open(Disk.LOCAL);
        assertThat(store.current().space("a").orElseThrow().embedding(SUBJECT)).isPresent();
        rewrite(erasure);

        assertThat(store.current().space("a").orElseThrow().embedding(SUBJECT)).isPresent();
        assertThat(filesWith(directory.resolve("store"), bytes(VECTOR, ByteOrder.LITTLE_ENDIAN)))
                .isEmpty();
    }

    @Test
    void aStoreThatIsBroughtBackFromABackupDoesNotBringTheSubjectBack() throws IOException {
        publishAll("r1");
        publishAll("r2");
        Path backup = directory.resolve("backup");
        StoreArchive.backup(directory.resolve("store"), backup);
        rewrite(erase());
        close();
        Disk.LOCAL.deleteTree(directory.resolve("store"));
        StoreArchive.restore(backup, directory.resolve("store"));

        open(Disk.LOCAL);

        assertThat(answers(store.current())).isFalse();
        assertThat(store.named("r1").space("a").orElseThrow().embedding(SUBJECT))
                .isEmpty();
        assertThat(store.erasure().mark().pending().isEmpty()).isFalse();
        store.erasure().rewrite(store.erasure().mark().pending(), PublicationListener.NONE, (p, w) -> {});
        assertThat(planted()).isEmpty();
    }

    @Test
    void whoIsErasedWhileAReleaseIsBuiltIsNotInIt() throws IOException {
        publishAll("r1");
        stageAll("r2");
        List<Erasure> erasures = new ArrayList<>();
        PublicationListener erasing = new PublicationListener() {
            @Override
            public void progress(String step, long done, long total) {
                if (step.startsWith("index") && erasures.isEmpty()) {
                    try {
                        erasures.add(erase());
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }
            }
        };

        assertThatThrownBy(() -> store.publish("r2", erasing)).hasMessageContaining("publish it again");
        assertThat(store.current().release()).isEqualTo("r1");
        store.publish("r2", PublicationListener.NONE);

        assertThat(answers(store.current())).isFalse();
        rewrite(erasures.getFirst());
        assertThat(planted()).isEmpty();
    }

    @Test
    void aReleaseThatNobodyCanReadKeepsAnErasureWaiting() throws IOException {
        publishAll("r1");
        publishAll("r2");
        close();
        Path manifest = directory.resolve("store/releases/r1/release.manifest");
        byte[] whole = Files.readAllBytes(manifest);
        Files.writeString(manifest, "damaged");
        open(Disk.LOCAL);
        Erasure erasure = erase();

        assertThatThrownBy(() -> rewrite(erasure)).hasMessageContaining("release r1 is damaged");
        assertThat(answers(store.current())).isFalse();
        close();
        Files.write(manifest, whole);
        open(Disk.LOCAL);
        assertThat(store.named("r1").space("a").orElseThrow().embedding(SUBJECT))
                .isEmpty();
        rewrite(erasure);
        assertThat(planted()).isEmpty();
    }

    @Test
    void aDiskThatFailsAtAnyStepLeavesItHiddenAndIsGoneOnWith() throws IOException {
        publishAll("r1");
        publishAll("r2");
        stageAll("r3");
        Erasure erasure = erase();
        close();
        boolean[] whole = {false};
        for (int fails = 1; !whole[0]; fails++) {
            int[] left = {Integer.MAX_VALUE};
            open(new ForwardingDisk(Disk.LOCAL) {
                private void step() throws IOException {
                    if (--left[0] == 0) {
                        throw new IOException("the device fails");
                    }
                }

                @Override
                public Output create(Path file) throws IOException {
                    step();
                    return super.create(file);
                }

                @Override
                public void move(Path from, Path to) throws IOException {
                    step();
                    super.move(from, to);
                }

                @Override
                public void delete(Path path) throws IOException {
                    step();
                    super.delete(path);
                }
            });
            left[0] = fails;
            try {
                rewrite(erasure);
                whole[0] = left[0] > 0;
            } catch (ScorerException e) {
                assertThat(answers(store.current())).as("after %s steps", fails).isFalse();
                assertThat(store.current().space("a").orElseThrow().count()).isEqualTo(9);
            }
            close();
        }

        open(Disk.LOCAL);
        assertThat(planted()).isEmpty();
        assertThat(store.releases()).hasSize(2);
        assertThat(StoreArchive.verify(directory.resolve("store")).damaged()).isFalse();
    }

    @Test
    void aColumnThatChangesNamedIsAnonymousToo() throws IOException {
        EntityId one = EntityId.parse("user:1");
        EntityId two = EntityId.parse("user:2");
        for (String release : List.of("r1", "r2")) {
            EmbeddingFileWriter dense = EmbeddingFileWriter.dense("a", "m", EntityKind.USER, 2);
            dense.add(one, new float[] {1, 1});
            stage(store, release, dense, directory);
            EmbeddingFileWriter history =
                    EmbeddingFileWriter.sparse("h", "history", EntityKind.USER, List.of(one, two), Map.of());
            history.add(one, new SparseVector(new int[] {1}, new float[] {1}));
            stage(store, release, history, directory);
            store.publish(release, PublicationListener.NONE);
            follow(one, Map.of(two, 1f, SUBJECT, 1f));
        }
        assertThat(columns(one)).containsExactlyInAnyOrder(two, SUBJECT);
        Erasure erasure = erase();
        assertThat(columns(one)).hasSize(2).contains(two).doesNotContain(SUBJECT);
        store.close();
        open(); // in the middle
        store.erasure().hide(subjects.of(erasure), erasure.number());
        rewrite(erasure);
        assertThat(columns(one)).containsExactly(two);
        assertThat(planted()).isEmpty();

        follow(two, Map.of(one, 1f, SUBJECT, 1f)); // who comes back is another column
        assertThat(columns(two)).containsExactlyInAnyOrder(one, SUBJECT);
        assertThat(columns(one)).containsExactly(two);
        store.compact("h", PublicationListener.NONE);
        store.close();
        open();
        assertThat(columns(two)).containsExactlyInAnyOrder(one, SUBJECT);
        assertThat(columns(one)).containsExactly(two);
    }

    private void follow(EntityId id, Map<EntityId, Float> entries) {
        Change change = new Change.Named(id, entries, OptionalLong.empty());
        assertThat(store.apply(store.current().release(), "h", "", List.of(change)))
                .allMatch(each -> each instanceof Outcome.Accepted);
    }

    private List<EntityId> columns(EntityId id) {
        SpaceVersion history = store.current().space("h").orElseThrow();
        SparseVector row = history.sparse(history.ordinal(id).orElseThrow());
        return java.util.Arrays.stream(row.columns())
                .mapToObj(history::columnId)
                .toList();
    }
}
