package repscorer.core.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import repscorer.ann.DenseIndex;
import repscorer.ann.HnswParameters;
import repscorer.ann.Neighbors;
import repscorer.ann.SearchOptions;
import repscorer.ann.SearchStats;
import repscorer.ann.hnsw.Quantization;
import repscorer.core.disk.Disk;
import repscorer.core.disk.DiskFullException;
import repscorer.core.disk.ForwardingDisk;
import repscorer.core.embedding.DenseSpace;
import repscorer.core.embedding.Embedding;
import repscorer.core.embedding.EmbeddingFileWriter;
import repscorer.core.embedding.Retention;
import repscorer.core.embedding.Space;
import repscorer.core.embedding.SpacePolicy;
import repscorer.core.embedding.SparseSpace;
import repscorer.core.embedding.ZeroVectors;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.core.failure.ScorerException;
import repscorer.core.failure.ScorerException.NotFound;
import repscorer.core.failure.ScorerException.Rejected;
import repscorer.core.store.Release.IndexCheck;
import repscorer.core.store.Release.State;
import repscorer.core.store.index.Indexes;
import repscorer.vector.Metric;
import repscorer.vector.SparseVector;

class RepresentationStoreTest {

    private static final EntityKind USER = EntityKind.USER;
    private static final EntityKind TWEET = EntityKind.TWEET;

    private static final DenseSpace DENSE =
            new DenseSpace("twhin-user", "twhin", USER, 2, Metric.COSINE, "exact", HnswParameters.DEFAULT, 0.9, true);
    private static final SparseSpace SPARSE = new SparseSpace("clusters-user", "simclusters", USER, 3, 10, false);
    private static final SparseSpace TWEETS = new SparseSpace("clusters-tweet", "simclusters", TWEET, 3, 10, false);
    private static final List<Space> SPACES = List.of(DENSE, SPARSE, TWEETS);
    private static final StoreOptions OPTIONS = new StoreOptions(2, 4 << 20, 2, 50);

    @TempDir
    Path directory;

    private final List<RepresentationStore> opened = new ArrayList<>();
    private Clock clock = Clock.systemUTC();
    private int scratch;

    /** What a process sees after another one was killed, which holds nothing any more. */
    private static final Disk AFTER_A_KILL = new ForwardingDisk(Disk.LOCAL) {
        @Override
        public Closeable lock(Path ofDirectory) {
            return () -> {};
        }
    };

    private RepresentationStore open(List<Space> spaces, Disk disk, @Nullable Indexes indexes) {
        RepresentationStore store = RepresentationStore.open(
                directory.resolve("store"),
                spaces,
                OPTIONS,
                clock,
                opened.isEmpty() || disk != Disk.LOCAL ? disk : AFTER_A_KILL,
                indexes);
        opened.add(store);
        return store;
    }

    private RepresentationStore open() {
        return open(SPACES, Disk.LOCAL, null);
    }

    @AfterEach
    void close() {
        opened.forEach(RepresentationStore::close);
    }

    private static EmbeddingFileWriter dense(float first) {
        EmbeddingFileWriter writer = EmbeddingFileWriter.dense("twhin-user", "twhin", USER, 2);
        for (int i = 1; i <= 4; i++) {
            writer.add(EntityId.of(USER, i), new float[] {first, i});
        }
        return writer;
    }

    private static EmbeddingFileWriter sparse(String space, EntityKind kind, int columns, int entries) {
        List<EntityId> names = new ArrayList<>();
        int[] of = new int[entries];
        float[] weights = new float[entries];
        for (int i = 0; i < columns; i++) {
            names.add(EntityId.parse("cluster:" + i));
        }
        for (int i = 0; i < entries; i++) {
            of[i] = i;
            weights[i] = i + 1;
        }
        EmbeddingFileWriter writer = EmbeddingFileWriter.sparse(space, "simclusters", kind, names, Map.of());
        writer.add(EntityId.of(kind, 1), new SparseVector(of, weights));
        return writer;
    }

    private byte[] bytes(EmbeddingFileWriter writer) {
        try {
            return Files.readAllBytes(writer.writeTo(Files.createDirectory(directory.resolve("scratch" + scratch++))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String stage(RepresentationStore store, String release, String space, EmbeddingFileWriter writer) {
        return store.stage(release, space, new ByteArrayInputStream(bytes(writer)));
    }

    private Release publish(RepresentationStore store, String release, float first) {
        stage(store, release, "twhin-user", dense(first));
        return store.publish(release, PublicationListener.NONE);
    }

    private static <T extends ScorerException> T refused(Class<T> type, String code, ThrowingCallable call) {
        List<T> caught = new ArrayList<>();
        assertThatThrownBy(call).isInstanceOfSatisfying(type, e -> {
            assertThat(e.code()).as(e.getMessage()).isEqualTo(code);
            caught.add(e);
        });
        return caught.getFirst();
    }

    private static List<String> names(RepresentationStore store) {
        return store.releases().stream()
                .map(release -> release.name() + ":" + release.state())
                .toList();
    }

    @Test
    void publishesWhatWasStaged() {
        RepresentationStore store = open();
        assertThat(store.current()).isSameAs(Snapshot.EMPTY);
        String version = stage(store, "r1", "twhin-user", dense(1));
        stage(store, "r1", "clusters-user", sparse("clusters-user", USER, 5, 3));
        List<String> steps = new ArrayList<>();
        Release release = store.publish("r1", (step, done, total) -> steps.add(step));
        assertThat(release.state()).isEqualTo(State.LIVE);
        assertThat(release.versions()).containsEntry("twhin-user", version).hasSize(2);
        assertThat(steps).contains("check twhin-user", "index twhin-user", "index clusters-user");
        Snapshot snapshot = store.current();
        assertThat(snapshot.release()).isEqualTo("r1");
        SpaceVersion space = snapshot.space("twhin-user").orElseThrow();
        assertThat(space.version()).isEqualTo(version);
        assertThat(space.file().path()).exists().hasParent(directory.resolve("store/releases/r1"));
        assertThat(space.dense()
                        .orElseThrow()
                        .search(new float[] {1, 4}, SearchOptions.of(1))
                        .ordinals())
                .containsExactly(3);
        assertThat(snapshot.space("clusters-user").orElseThrow().sparse()).isPresent();
        assertThat(snapshot.space("clusters-tweet")).isEmpty();
        assertThat(store.spaces()).extracting(Space::name).isSorted();
        assertThat(store.snapshot("r1")).containsSame(snapshot);
        assertThat(store.snapshot("r2")).isEmpty();
        assertThat(directory.resolve("store/staging/r1")).doesNotExist();
        assertThat(directory.resolve("store/incoming")).isEmptyDirectory();
    }

    @Test
    void publishingAgainIsHarmlessWithEqualVersionsAndAConflictWithOthers() {
        RepresentationStore store = open();
        Release first = publish(store, "r1", 1);
        Snapshot live = store.current();
        assertThat(publish(store, "r1", 1)).isEqualTo(first);
        assertThat(store.publish("r1", PublicationListener.NONE)).isEqualTo(first);
        assertThat(store.current()).isSameAs(live);
        refused(ScorerException.Conflict.class, "release-exists", () -> publish(store, "r1", 2));
        assertThat(store.current()).isSameAs(live);
        refused(ScorerException.NotFound.class, "nothing-staged", () -> store.publish("r2", PublicationListener.NONE));
    }

    @Test
    void rollsBackAtOnceAndComesBackAfterARestart() {
        RepresentationStore store = open();
        publish(store, "r1", 1);
        Snapshot first = store.current();
        publish(store, "r2", 2);
        assertThat(names(store)).containsExactly("r2:LIVE", "r1:KEPT");
        assertThat(store.rollBack("r1").state()).isEqualTo(State.LIVE);
        assertThat(store.current()).isSameAs(first);
        assertThat(names(store)).containsExactly("r2:KEPT", "r1:LIVE");
        refused(ScorerException.NotFound.class, "release-not-kept", () -> store.rollBack("r9"));

        RepresentationStore again = open();
        assertThat(again.current().release()).isEqualTo("r1");
        assertThat(names(again)).containsExactly("r2:KEPT", "r1:LIVE");
        assertThat(again.snapshot("r2").orElseThrow().release()).isEqualTo("r2");
        assertThat(again.rollBack("r2").state()).isEqualTo(State.LIVE);
        assertThat(open().current().release()).isEqualTo("r2");
    }

    @Test
    void keepsAsManyAsTheOptionsSayAndTheLiveOne() {
        RepresentationStore store = open();
        for (int i = 1; i <= 3; i++) {
            publish(store, "r" + i, i);
        }
        store.rollBack("r1");
        for (int i = 4; i <= 6; i++) {
            publish(store, "r" + i, i);
        }
        assertThat(names(store)).containsExactly("r6:LIVE", "r5:KEPT", "r4:KEPT");
        assertThat(directory.resolve("store/releases").toFile().list()).containsExactlyInAnyOrder("r4", "r5", "r6");
        assertThat(store.snapshot("r1")).isEmpty();
    }

    @Test
    void aReaderKeepsItsSnapshotWhenTheReleaseIsRemoved() {
        RepresentationStore store = open();
        publish(store, "r1", 1);
        Snapshot pinned = store.current();
        for (int i = 2; i <= 5; i++) {
            publish(store, "r" + i, i);
        }
        assertThat(directory.resolve("store/releases/r1")).doesNotExist();
        assertThat(pinned.space("twhin-user").orElseThrow().file().denseRows().row(0))
                .containsExactly(1, 1);
    }

    @Test
    void refusesFilesThatDoNotFit() {
        RepresentationStore store = open();
        refused(ScorerException.NotFound.class, "unknown-space", () -> stage(store, "r1", "other", dense(1)));
        refused(ScorerException.Rejected.class, "space-differs", () -> stage(store, "r1", "clusters-user", dense(1)));
        refused(
                ScorerException.Rejected.class,
                "model-differs",
                () -> stage(store, "r1", "twhin-user", EmbeddingFileWriter.dense("twhin-user", "m", USER, 2)));
        refused(
                ScorerException.Rejected.class,
                "kind-differs",
                () -> stage(store, "r1", "twhin-user", EmbeddingFileWriter.dense("twhin-user", "twhin", TWEET, 2)));
        assertThat(refused(
                        ScorerException.Rejected.class,
                        "dimension-differs",
                        () -> stage(
                                store, "r1", "twhin-user", EmbeddingFileWriter.dense("twhin-user", "twhin", USER, 3))))
                .hasMessage("dimension differs: space=twhin-user expects 2, got 3");
        refused(
                ScorerException.Rejected.class,
                "form-differs",
                () -> stage(
                        store,
                        "r1",
                        "twhin-user",
                        EmbeddingFileWriter.sparse("twhin-user", "twhin", USER, List.of(), Map.of())));
        EmbeddingFileWriter zero = EmbeddingFileWriter.dense("twhin-user", "twhin", USER, 2);
        zero.add(EntityId.of(USER, 7), new float[2]);
        assertThat(refused(ScorerException.Rejected.class, "zero-vector", () -> stage(store, "r1", "twhin-user", zero)))
                .hasMessage("zero vectors are refused: space=twhin-user (row 0, user:7)");
        refused(
                ScorerException.Rejected.class,
                "too-many-entries",
                () -> stage(store, "r1", "clusters-user", sparse("clusters-user", USER, 5, 4)));
        byte[] damaged = bytes(dense(1));
        damaged[damaged.length - 1] ^= 1;
        refused(
                ScorerException.Rejected.class,
                "corrupt-embedding-file",
                () -> store.stage("r1", "twhin-user", new ByteArrayInputStream(damaged)));
        assertThat(directory.resolve("store/incoming")).isEmptyDirectory();
        assertThat(directory.resolve("store/staging")).isEmptyDirectory();
    }

    @Test
    void refusesABodyThatIsTooLargeOrBreaksOff() {
        RepresentationStore store = open();
        refused(
                ScorerException.Invalid.class,
                "body-too-large",
                () -> store.stage("r1", "twhin-user", new ByteArrayInputStream(new byte[(4 << 20) + 1])));
        InputStream broken = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("connection reset");
            }
        };
        refused(ScorerException.Invalid.class, "body-broken-off", () -> store.stage("r1", "twhin-user", broken));
        assertThat(directory.resolve("store/incoming")).isEmptyDirectory();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "../x", "a/b", "a\\b", ".hidden", "-x", "a b", "a\n", "ä"})
    void refusesNamesThatAreNone(String name) {
        RepresentationStore store = open();
        refused(ScorerException.Invalid.class, "bad-release-name", () -> stage(store, name, "twhin-user", dense(1)));
        refused(ScorerException.Invalid.class, "bad-release-name", () -> store.publish(name, PublicationListener.NONE));
        refused(ScorerException.NotFound.class, "release-not-kept", () -> store.rollBack(name));
    }

    @Test
    void aReleaseHoldsTheRequiredSpacesAndSpacesThatAgree() {
        RepresentationStore store = open();
        stage(store, "r1", "clusters-user", sparse("clusters-user", USER, 5, 2));
        assertThat(refused(
                        ScorerException.Rejected.class,
                        "required-space-missing",
                        () -> store.publish("r1", PublicationListener.NONE)))
                .hasMessage("a release holds every required space: twhin-user is missing");
        stage(store, "r1", "twhin-user", dense(1));
        stage(store, "r1", "clusters-tweet", sparse("clusters-tweet", TWEET, 6, 2));
        refused(ScorerException.Rejected.class, "columns-differ", () -> store.publish("r1", PublicationListener.NONE));
        assertThat(store.releases())
                .singleElement()
                .satisfies(release -> assertThat(release.rejection().orElse(""))
                        .startsWith("sparse spaces of a model share their columns"));
        stage(store, "r1", "clusters-tweet", sparse("clusters-tweet", TWEET, 5, 2));
        assertThat(store.publish("r1", PublicationListener.NONE).versions()).hasSize(3);
    }

    /** An index that answers the worst rows instead of the best. */
    private static final class Contrary implements DenseIndex {
        private final int count;

        Contrary(int count) {
            this.count = count;
        }

        @Override
        public String engine() {
            return "contrary";
        }

        @Override
        public Metric metric() {
            return Metric.COSINE;
        }

        @Override
        public int dimension() {
            return 2;
        }

        @Override
        public int count() {
            return count;
        }

        @Override
        public Neighbors search(float[] query, SearchOptions options) {
            return new Neighbors(
                    new int[] {0}, new float[] {-1}, new SearchStats(SearchStats.Plan.GRAPH, 1, options.ef()));
        }
    }

    @Test
    void rejectsAReleaseWhoseIndexMissesTooMuch() {
        RepresentationStore good = open();
        publish(good, "r1", 1);
        RepresentationStore store =
                open(SPACES, Disk.LOCAL, (space, file, before, progress) -> new Contrary(file.count()));
        assertThat(refused(ScorerException.Rejected.class, "recall-under-floor", () -> publish(store, "r2", 2)))
                .hasMessage(
                        "release r2 is rejected: recall@10 of twhin-user must be at least 0.9: 0.2500;"
                                + " a graph of more links finds more: raise m and ef-construction of hnsw, or scan by engine: exact");
        assertThat(store.current().release()).isEqualTo("r1");
        assertThat(store.snapshot("r2")).isEmpty();
        refused(ScorerException.NotFound.class, "release-not-kept", () -> store.rollBack("r2"));
        refused(
                ScorerException.Rejected.class,
                "release-rejected",
                () -> store.publish("r2", PublicationListener.NONE));

        RepresentationStore again = open();
        Release rejected = again.releases().getFirst();
        assertThat(names(again)).containsExactly("r2:REJECTED", "r1:LIVE");
        assertThat(rejected.checks())
                .containsExactly(new IndexCheck("twhin-user", OptionalDouble.of(0.25), OptionalInt.empty()));
        assertThat(rejected.rejection().orElseThrow()).contains("must be at least 0.9");
        assertThat(publish(again, "r2", 2).state()).isEqualTo(State.LIVE);
        assertThat(names(again)).containsExactly("r2:LIVE", "r1:KEPT");
    }

    @Test
    void aDamagedLiveReleaseGivesWayToTheNewestIntactOne() throws IOException {
        RepresentationStore store = open();
        publish(store, "r1", 1);
        publish(store, "r2", 2);
        publish(store, "r3", 3);
        damage("r3");
        assertThat(open().current().release()).isEqualTo("r2");
        Files.delete(directory.resolve("store/releases/r2/twhin-user.emb"));
        RepresentationStore third = open();
        assertThat(third.current().release()).isEqualTo("r1");
        refused(ScorerException.Rejected.class, "corrupt-embedding-file", () -> third.rollBack("r3"));
        damage("r1");
        refused(ScorerException.Rejected.class, "no-intact-release", this::open);
    }

    private void damage(String release) throws IOException {
        Path file = directory.resolve("store/releases/" + release + "/twhin-user.emb");
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 1] ^= 1;
        Files.delete(file); // the mapping of a running store keeps the old content
        Files.write(file, bytes, StandardOpenOption.CREATE_NEW);
    }

    @Test
    void anotherIntactFileInItsPlaceIsDamageToo() throws IOException {
        RepresentationStore store = open();
        publish(store, "r1", 1);
        Path file = directory.resolve("store/releases/r1/twhin-user.emb");
        Files.delete(file);
        Files.write(file, bytes(dense(2)));
        refused(ScorerException.Rejected.class, "no-intact-release", this::open);
    }

    @Test
    void damagedPointersAndUnfinishedPublicationsAreLivedThrough() throws IOException {
        RepresentationStore store = open();
        publish(store, "r1", 1);
        publish(store, "r2", 2);
        store.rollBack("r1");
        Files.writeString(directory.resolve("store/LIVE"), "release=r1\ncrc32c=00000000\n");
        Files.createDirectory(directory.resolve("store/releases/r3"));
        assertThat(open().current().release()).isEqualTo("r2");
        assertThat(directory.resolve("store/releases/r3")).doesNotExist();
        Files.writeString(directory.resolve("store/releases/r2/release.manifest"), "garbage");
        assertThat(open().current().release()).isEqualTo("r1");
    }

    /** A disk that fails from some operation on. */
    private static final class FailingDisk extends ForwardingDisk {
        private final String operation;
        private final IOException failure;
        private final AtomicBoolean armed = new AtomicBoolean();

        FailingDisk(String operation, IOException failure) {
            super(Disk.LOCAL);
            this.operation = operation;
            this.failure = failure;
        }

        private void fail(String what) throws IOException {
            if (armed.get() && operation.equals(what)) {
                throw failure;
            }
        }

        @Override
        public Output create(Path file) throws IOException {
            fail("create");
            return new ForwardingOutput(super.create(file)) {
                @Override
                public int write(ByteBuffer bytes) throws IOException {
                    fail("write");
                    return super.write(bytes);
                }

                @Override
                public void sync() throws IOException {
                    fail("sync");
                    super.sync();
                }
            };
        }

        @Override
        public void syncDirectory(Path directory) throws IOException {
            fail("syncDirectory");
            super.syncDirectory(directory);
        }

        @Override
        public void move(Path from, Path to) throws IOException {
            fail("move");
            if (to.getFileName().toString().equals("LIVE")) {
                fail("moveLive");
            }
            super.move(from, to);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"create", "write", "sync", "syncDirectory", "move"})
    void aFullDiskWhileStagingChangesNothing(String operation) {
        FailingDisk disk = new FailingDisk(operation, new DiskFullException("No space left on device"));
        RepresentationStore store = open(SPACES, disk, null);
        publish(store, "r1", 1);
        disk.armed.set(true);
        assertThat(refused(
                        ScorerException.Storage.class,
                        "storage-full",
                        () -> stage(store, "r2", "twhin-user", dense(2))))
                .hasMessageContaining("the disk is full");
        disk.armed.set(false);
        assertThat(store.current().release()).isEqualTo("r1");
        assertThat(directory.resolve("store/incoming")).isEmptyDirectory();
        assertThat(publish(store, "r2", 2).state()).isEqualTo(State.LIVE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"create", "write", "sync", "syncDirectory", "move", "moveLive"})
    void aFailureWhilePublishingChangesNothingAndCanBeTriedAgain(String operation) {
        FailingDisk disk = new FailingDisk(operation, new IOException("Input/output error"));
        RepresentationStore store = open(SPACES, disk, null);
        publish(store, "r1", 1);
        stage(store, "r2", "twhin-user", dense(2));
        disk.armed.set(true);
        refused(ScorerException.Storage.class, "storage-failed", () -> store.publish("r2", PublicationListener.NONE));
        assertThat(store.current().release()).isEqualTo("r1");
        assertThat(names(store)).containsExactly("r2:REJECTED", "r1:LIVE");
        disk.armed.set(false);
        assertThat(open().current().release()).isEqualTo("r1");
        stage(store, "r2", "twhin-user", dense(2));
        assertThat(store.publish("r2", PublicationListener.NONE).state()).isEqualTo(State.LIVE);
        assertThat(open().current().release()).isEqualTo("r2");
    }

    @Test
    void aRollBackThatCannotBeWrittenLeavesTheLiveRelease() {
        FailingDisk disk = new FailingDisk("sync", new IOException("Input/output error"));
        RepresentationStore store = open(SPACES, disk, null);
        publish(store, "r1", 1);
        publish(store, "r2", 2);
        disk.armed.set(true);
        refused(ScorerException.Storage.class, "storage-failed", () -> store.rollBack("r1"));
        assertThat(store.current().release()).isEqualTo("r2");
        disk.armed.set(false);
        assertThat(open().current().release()).isEqualTo("r2");
    }

    @Test
    void nothingIsStagedIntoAReleaseThatIsBeingPublished() {
        RepresentationStore store = open();
        stage(store, "r1", "twhin-user", dense(1));
        byte[] other = bytes(dense(2));
        store.publish("r1", (step, done, total) -> {
            if (step.equals("index twhin-user")) {
                refused(
                        ScorerException.Conflict.class,
                        "publication-running",
                        () -> store.stage("r1", "twhin-user", new ByteArrayInputStream(other)));
            }
        });
        assertThat(store.current().release()).isEqualTo("r1");
    }

    @Test
    void zeroVectorsAreRefusedDroppedOrKeptAsTheSpaceSays() throws Exception {
        for (ZeroVectors policy : ZeroVectors.values()) {
            DenseSpace space = new DenseSpace(
                    "twhin-user",
                    "twhin",
                    USER,
                    2,
                    policy == ZeroVectors.KEEP ? Metric.INNER_PRODUCT : Metric.COSINE,
                    "exact",
                    HnswParameters.DEFAULT,
                    Quantization.NONE,
                    0.9,
                    true,
                    new SpacePolicy(policy, Retention.STORES));
            SparseSpace sparse = new SparseSpace(
                    "clusters-user", "simclusters", USER, 3, 10, false, new SpacePolicy(policy, Retention.STORES));
            Path home = directory.resolve("zero-" + policy);
            try (RepresentationStore store = RepresentationStore.open(home, List.of(space, sparse), OPTIONS)) {
                EmbeddingFileWriter withZero = dense(1).property("seed", "7");
                withZero.add(EntityId.of(USER, 9), new float[2]);
                EmbeddingFileWriter withEmpty = sparse("clusters-user", USER, 3, 2);
                withEmpty.add(EntityId.of(USER, 9), SparseVector.EMPTY);
                if (policy == ZeroVectors.REFUSE) {
                    Rejected refused =
                            refused(Rejected.class, "zero-vector", () -> stage(store, "r1", "twhin-user", withZero));
                    assertThat(refused).hasMessage("zero vectors are refused: space=twhin-user (row 4, user:9)");
                    refused(Rejected.class, "zero-vector", () -> stage(store, "r1", "clusters-user", withEmpty));
                    publish(store, "r1", 1);
                    assertThat(store.apply("r1", "twhin-user", "", List.of(zero(9))))
                            .singleElement()
                            .isInstanceOfSatisfying(
                                    Outcome.Refused.class,
                                    no -> assertThat(no.code()).isEqualTo("zero-vector"));
                    continue;
                }
                String version = stage(store, "r1", "twhin-user", withZero);
                assertThat(stage(store, "r1", "twhin-user", withZero)).isEqualTo(version);
                stage(store, "r1", "clusters-user", withEmpty);
                store.publish("r1", PublicationListener.NONE);
                int rows = policy == ZeroVectors.KEEP ? 5 : 4;
                SpaceVersion live = store.current().space("twhin-user").orElseThrow();
                assertThat(live.count()).isEqualTo(rows);
                assertThat(live.version()).isEqualTo(version);
                assertThat(live.file().properties()).containsEntry("seed", "7");
                assertThat(store.current().space("clusters-user").orElseThrow().count())
                        .isEqualTo(rows - 3);
                store.apply("r1", "twhin-user", "", List.of(zero(1)));
                assertThat(store.current()
                                .space("twhin-user")
                                .orElseThrow()
                                .embedding(EntityId.of(USER, 1))
                                .isPresent())
                        .isEqualTo(policy == ZeroVectors.KEEP);
            }
        }
    }

    private static Change zero(int id) {
        return new Change.Upsert(EntityId.of(USER, id), new Embedding.Dense(new float[2]), OptionalLong.empty());
    }

    private static DenseSpace kept(int releases, @Nullable Duration age) {
        return new DenseSpace(
                "twhin-user",
                "twhin",
                USER,
                2,
                Metric.COSINE,
                "exact",
                HnswParameters.DEFAULT,
                Quantization.NONE,
                0.9,
                true,
                new SpacePolicy(ZeroVectors.REFUSE, new Retention(OptionalInt.of(releases), Optional.ofNullable(age))));
    }

    @Test
    void aSpaceKeepsAsManyReleasesAsItSays() {
        RepresentationStore store = open(List.of(kept(1, null), SPARSE), Disk.LOCAL, null);
        for (int i = 1; i <= 3; i++) {
            publish(store, "r" + i, i);
        }
        assertThat(names(store)).containsExactly("r3:LIVE", "r2:KEPT");
    }

    @Test
    void aReleaseThatIsTooOldGoesUnlessItIsLiveAndWhoReadsItGoesOnReading() {
        Instant start = Instant.parse("2026-11-24T00:00:00Z");
        SetClock hand = new SetClock(start);
        clock = hand;
        RepresentationStore store = open(List.of(kept(5, Duration.ofDays(30))), Disk.LOCAL, null);
        publish(store, "r1", 1);
        Snapshot held = store.current();
        hand.now = start.plus(Duration.ofDays(20));
        publish(store, "r2", 2);
        store.retireAged();
        assertThat(names(store)).containsExactly("r2:LIVE", "r1:KEPT");

        hand.now = start.plus(Duration.ofDays(30)).plusSeconds(1);
        store.retireAged();
        assertThat(names(store)).containsExactly("r2:LIVE");
        assertThat(directory.resolve("store/releases/r1")).doesNotExist();
        refused(NotFound.class, "release-not-kept", () -> store.rollBack("r1"));
        assertThat(held.space("twhin-user").orElseThrow().embedding(EntityId.of(USER, 3)))
                .get()
                .isInstanceOfSatisfying(
                        Embedding.Dense.class, row -> assertThat(row.values()).containsExactly(1, 3));

        hand.now = start.plus(Duration.ofDays(300));
        store.retireAged();
        assertThat(names(store)).as("the live release stays").containsExactly("r2:LIVE");
    }

    /** Stands still until it is set. */
    private static final class SetClock extends Clock {
        private Instant now;

        SetClock(Instant now) {
            this.now = now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }
}
