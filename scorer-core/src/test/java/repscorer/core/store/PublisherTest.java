package repscorer.core.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import repscorer.ann.DenseIndex;
import repscorer.ann.HnswParameters;
import repscorer.ann.Neighbors;
import repscorer.ann.SearchOptions;
import repscorer.ann.SearchStats;
import repscorer.ann.hnsw.Quantization;
import repscorer.core.disk.Disk;
import repscorer.core.disk.ForwardingDisk;
import repscorer.core.embedding.DenseSpace;
import repscorer.core.embedding.Retention;
import repscorer.core.embedding.Space;
import repscorer.core.embedding.SpacePolicy;
import repscorer.core.embedding.ZeroVectors;
import repscorer.core.entity.EntityKind;
import repscorer.core.failure.ScorerException.Conflict;
import repscorer.core.failure.ScorerException.Rejected;
import repscorer.core.failure.ScorerException.Storage;
import repscorer.core.store.Release.IndexCheck;
import repscorer.core.store.RepresentationStore.Missing;
import repscorer.core.store.index.Indexes;
import repscorer.vector.Metric;

/** What a publication says, asks of indexes, and does where something else went live beside it. */
@Timeout(60)
class PublisherTest {

    private static final Space A = StoreFixture.A;
    private static final Space B =
            new DenseSpace("b", "m", EntityKind.USER, 2, Metric.L2, "exact", HnswParameters.DEFAULT, 0.5, false);
    private static final StoreOptions OPTIONS = new StoreOptions(3, 1 << 20, 1, 10, 1_000_000);

    @TempDir
    Path directory;

    private NotingDisk disk;

    @BeforeEach
    void begin() {
        disk = new NotingDisk(directory);
    }

    private RepresentationStore open(@Nullable Indexes indexes, Space... spaces) {
        return RepresentationStore.open(
                directory.resolve("store"), List.of(spaces), OPTIONS, Clock.systemUTC(), disk, indexes);
    }

    private void stage(RepresentationStore store, String release, float first, int rows, Space... spaces)
            throws IOException {
        for (Space space : spaces) {
            StoreFixture.stage(store, release, StoreFixture.rows(space, first, rows), directory);
        }
    }

    /** Answers the same rows whatever it is asked, and keeps what it was asked. */
    private record Fixed(int count, int[] answer, List<float[]> asked) implements DenseIndex {

        @Override
        public String engine() {
            return "fixed";
        }

        @Override
        public Metric metric() {
            return Metric.L2;
        }

        @Override
        public int dimension() {
            return 2;
        }

        @Override
        public Neighbors search(float[] query, SearchOptions options) {
            asked.add(query);
            return new Neighbors(
                    answer, new float[answer.length], new SearchStats(SearchStats.Plan.GRAPH, 1, options.ef()));
        }
    }

    @Test
    @DisplayName("a release whose index finds just enough goes live, told step by step, checked and warm")
    void anIndexThatFindsJustEnough() throws IOException {
        List<float[]> asked = new ArrayList<>();
        int[] two = {0, 1};
        try (RepresentationStore store = open(
                (space, file, before, progress) -> {
                    progress.report(2, file.count());
                    return new Fixed(file.count(), two, asked);
                },
                A,
                B)) {
            stage(store, "r1", 1, 4, A);
            List<String> steps = new ArrayList<>();
            Release live = store.publish("r1", (step, done, total) -> steps.add(step + " " + done + "/" + total));
            assertThat(steps)
                    .containsExactly(
                            "check a 0/2",
                            "index a 0/4",
                            "index a 2/4",
                            "index a 4/4",
                            "recall a 0/10",
                            "recall a 10/10");
            assertThat(live.checks()).containsExactly(new IndexCheck("a", OptionalDouble.of(0.5), OptionalInt.empty()));
            assertThat(asked.subList(4, asked.size()))
                    .as("after its four rows were asked for once, each warms it")
                    .extracting(query -> query[1])
                    .containsExactly(1f, 2f, 3f, 4f);
            asked.clear();
            steps.clear();
            stage(store, "r2", 1, 60, B);
            stage(store, "r2", 1, 60, A);
            assertThatThrownBy(() -> store.publish("r2", (step, done, total) -> steps.add(step + " " + done)))
                    .isInstanceOf(Rejected.class);
            assertThat(steps).contains("check a 0", "check b 1");
            assertThat(asked.subList(asked.size() - 20, asked.size()))
                    .as("twenty rows all over")
                    .extracting(query -> query[1])
                    .doesNotHaveDuplicates()
                    .contains(1f, 58f);
            assertThat(asked).hasSize(2 * (10 + 20));
        }
    }

    @Test
    @DisplayName("rows that cannot be indexed reject a publication, and one that is interrupted says so")
    void rowsThatCannotBeIndexed() throws IOException {
        boolean[] interrupted = {false};
        try (RepresentationStore store = open(
                (space, file, before, progress) -> {
                    if (interrupted[0]) {
                        throw new InterruptedException();
                    }
                    throw new IllegalArgumentException("no cosine");
                },
                A)) {
            stage(store, "r1", 1, 4, A);
            assertThatThrownBy(() -> store.publish("r1", PublicationListener.NONE))
                    .isInstanceOf(Rejected.class)
                    .hasMessage("a cannot be indexed: no cosine");
            interrupted[0] = true;
            assertThatThrownBy(() -> store.publish("r1", PublicationListener.NONE))
                    .isInstanceOf(Rejected.class)
                    .hasMessage("building the index of a was interrupted");
            assertThat(store.staged()).as("it can be tried again").hasSize(1);
        }
    }

    @Test
    @DisplayName("what is staged again for a release that exists is gone, whether it is the same or not")
    void whatIsStagedForAReleaseThatExistsIsGone() throws IOException {
        try (RepresentationStore store = open(null, A)) {
            stage(store, "r1", 1, 4, A);
            Release first = store.publish("r1", PublicationListener.NONE);
            stage(store, "r1", 1, 4, A);
            assertThat(store.publish("r1", PublicationListener.NONE)).isEqualTo(first);
            assertThat(store.staged()).isEmpty();
            stage(store, "r1", 2, 4, A);
            assertThatThrownBy(() -> store.publish("r1", PublicationListener.NONE))
                    .isInstanceOf(Conflict.class);
            assertThat(store.staged()).isEmpty();
        }
    }

    @Test
    @DisplayName("what cannot be carried over is told with where it is")
    void whatCannotBeCarriedOver() throws IOException {
        Missing b = new Missing(false, Set.of("b"));
        try (RepresentationStore store = open(null, A, B)) {
            stage(store, "r1", 1, 4, A);
            assertThatThrownBy(() -> store.publish("r1", b, PublicationListener.NONE))
                    .hasMessageEndingWith("'b' is asked for, and no release is live");
            store.publish("r1", PublicationListener.NONE);
            stage(store, "r2", 2, 4, A);
            assertThatThrownBy(() -> store.publish("r2", b, PublicationListener.NONE))
                    .hasMessageEndingWith("'b' is not in r1");
            stage(store, "r2", 2, 4, B);
            assertThatThrownBy(() -> store.publish("r2", b, PublicationListener.NONE))
                    .isInstanceOf(Conflict.class)
                    .hasMessageEndingWith("'b' is staged for r2");
        }
    }

    @Test
    @DisplayName("where another release goes live beside a publication, its spaces are not lost unseen")
    void anotherReleaseGoesLiveBesideIt() throws IOException {
        try (RepresentationStore store = open(null, A, B)) {
            stage(store, "both", 1, 4, A, B);
            store.publish("both", PublicationListener.NONE);
            stage(store, "one", 2, 4, A);
            store.publish("one", Missing.LEFT, PublicationListener.NONE);
            PublicationListener back = (step, done, total) -> {
                if (step.equals("index a")) {
                    store.rollBack("both");
                }
            };
            stage(store, "next", 3, 4, A);
            assertThatThrownBy(() -> store.publish("next", back))
                    .isInstanceOf(Conflict.class)
                    .hasMessageStartingWith("release next lacks spaces of the live release both: b;");
            store.rollBack("one");
            assertThat(store.publish("next", Missing.LEFT, back).state()).isEqualTo(Release.State.LIVE);

            store.rollBack("both");
            stage(store, "carrying", 4, 4, A);
            assertThatThrownBy(() -> store.publish("carrying", new Missing(false, Set.of("b")), (step, done, total) -> {
                        if (step.equals("index a")) {
                            store.rollBack("one");
                        }
                    }))
                    .isInstanceOf(Conflict.class)
                    .hasMessage("another release than both went live meanwhile: publish again");
            assertThat(store.current().release()).isEqualTo("one");
        }
    }

    @Test
    @DisplayName("a release that grows too old while the next one is indexed is not carried from")
    void aReleaseThatGrowsTooOldMeanwhile() throws IOException {
        Instant[] now = {Instant.EPOCH};
        InstantSource time = () -> now[0];
        Retention month = new Retention(OptionalInt.empty(), Optional.of(Duration.ofDays(30)));
        Space aged = new DenseSpace(
                "a",
                "m",
                EntityKind.USER,
                2,
                Metric.L2,
                "exact",
                HnswParameters.DEFAULT,
                Quantization.NONE,
                0.5,
                true,
                new SpacePolicy(ZeroVectors.REFUSE, month));
        try (RepresentationStore store = RepresentationStore.open(
                directory.resolve("store"), List.of(aged, B), OPTIONS, time.withZone(ZoneOffset.UTC), disk, null)) {
            stage(store, "both", 1, 4, A, B);
            store.publish("both", PublicationListener.NONE);
            stage(store, "one", 2, 4, A);
            store.publish("one", Missing.LEFT, PublicationListener.NONE);
            store.rollBack("both");
            stage(store, "carrying", 4, 4, A);
            assertThatThrownBy(() -> store.publish("carrying", new Missing(false, Set.of("b")), (step, done, total) -> {
                        if (step.equals("index a")) {
                            store.rollBack("one");
                            now[0] = Instant.EPOCH.plus(Duration.ofDays(31));
                            store.retireAged();
                        }
                    }))
                    .isInstanceOf(Conflict.class)
                    .hasMessage("another release than both went live meanwhile: publish again");
            assertThat(store.releases())
                    .extracting(each -> each.name() + " " + each.state())
                    .containsExactly("carrying REJECTED", "one LIVE");
        }
    }

    @Test
    @DisplayName(
            "a rejected release that is mended takes the place of its record; where the disk fails the list alone tells")
    void aRejectedReleaseIsMended() throws IOException {
        int[][] answer = {{0}};
        try (RepresentationStore store =
                open((space, file, before, progress) -> new Fixed(file.count(), answer[0], new ArrayList<>()), A)) {
            stage(store, "r1", 1, 4, A);
            assertThatThrownBy(() -> store.publish("r1", PublicationListener.NONE))
                    .isInstanceOf(Rejected.class);
            assertThat(store.staged()).isEmpty();
            assertThat(store.releases()).singleElement().satisfies(release -> {
                assertThat(release.state()).isEqualTo(Release.State.REJECTED);
                assertThat(release.checks()).hasSize(1);
            });
            Files.writeString(directory.resolve("store/releases/r1/left"), "by what failed before");
            stage(store, "r1", 1, 4, A);
            assertThatThrownBy(() -> store.publish("r1", PublicationListener.NONE))
                    .isInstanceOf(Rejected.class);
            assertThat(directory.resolve("store/releases/r1/left")).doesNotExist();
            assertThat(directory.resolve("store/releases/r1/release.manifest")).exists();
            answer[0] = new int[] {0, 1, 2, 3};
            stage(store, "r1", 1, 4, A);
            disk.failOnceAt("move store/LIVE.tmp");
            assertThatThrownBy(() -> store.publish("r1", PublicationListener.NONE))
                    .isInstanceOf(Storage.class);
            assertThat(store.releases())
                    .singleElement()
                    .satisfies(release ->
                            assertThat(release.rejection().orElse("")).isEqualTo("Input/output error"));
            assertThat(directory.resolve("store/releases")).isEmptyDirectory();
            assertThat(store.staged()).as("it can be tried again").hasSize(1);
            assertThat(store.publish("r1", PublicationListener.NONE).state()).isEqualTo(Release.State.LIVE);
            assertThat(directory.resolve("store/incoming")).isEmptyDirectory();
        }
    }

    @Test
    @DisplayName("rejected files that cannot be taken away stay staged, and the release is rejected all the same")
    void rejectedFilesThatCannotBeTakenAway() throws IOException {
        try (RepresentationStore store =
                open((space, file, before, progress) -> new Fixed(file.count(), new int[] {0}, new ArrayList<>()), A)) {
            stage(store, "r1", 1, 4, A);
            disk.failOnceAt("move store/staging/r1");
            assertThatThrownBy(() -> store.publish("r1", PublicationListener.NONE))
                    .isInstanceOf(Rejected.class)
                    .hasMessageStartingWith("release r1 is rejected: recall@10 of a must be at least 0.5: 0.2500");
            assertThat(store.staged()).hasSize(1);
        }
        try (RepresentationStore store = open(null, A)) {
            assertThat(store.releases()).extracting(Release::state).containsExactly(Release.State.REJECTED);
        }
    }

    @Test
    @DisplayName("a base that is damaged where it lies is not carried over")
    void aDamagedBaseIsNotCarriedOver() throws IOException {
        try (RepresentationStore store = open(null, A, B)) {
            stage(store, "r1", 1, 4, A, B);
            store.publish("r1", PublicationListener.NONE);
            stage(store, "r2", 2, 4, A);
            Path file = directory.resolve("store/releases/r1/b.emb");
            Files.delete(file); // who serves has it mapped
            Files.copy(StoreFixture.rows(B, 9, 4).writeTo(directory), file);
            assertThatThrownBy(() -> store.publish("r2", new Missing(false, Set.of("b")), PublicationListener.NONE))
                    .isInstanceOf(Rejected.class)
                    .hasMessageStartingWith("b.emb is not the file that went live: checksum");
            assertThat(store.current().release()).isEqualTo("r1");
        }
    }

    @Test
    @DisplayName("changes that come while their space is carried over are taken over to the last")
    void changesThatComeMeanwhileAreTakenOver() throws IOException {
        RepresentationStore[] opened = new RepresentationStore[1];
        Deque<Change> coming = new ArrayDeque<>();
        Disk busy = new ForwardingDisk(Disk.LOCAL) {
            @Override
            public Output create(Path file) throws IOException {
                return new ForwardingOutput(super.create(file)) {
                    @Override
                    public void sync() throws IOException {
                        super.sync();
                        if (file.toString().contains("staging/r2/b.0") && !coming.isEmpty()) {
                            opened[0].apply("r1", "b", "", List.of(coming.remove()));
                        }
                    }
                };
            }
        };
        try (RepresentationStore store =
                RepresentationStore.open(directory.resolve("store"), List.of(A, B), OPTIONS, busy)) {
            opened[0] = store;
            stage(store, "r1", 1, 4, A, B);
            store.publish("r1", PublicationListener.NONE);
            store.apply("r1", "b", "", List.of(StoreFixture.upsert(7, 7, 7)));
            stage(store, "r2", 2, 4, A);
            coming.add(StoreFixture.upsert(8, 8, 8)); // while the first is taken over
            coming.add(StoreFixture.upsert(9, 9, 9)); // while that is, and nothing more before the release is live
            assertThat(store.publish("r2", new Missing(false, Set.of("b")), PublicationListener.NONE)
                            .carried())
                    .containsOnlyKeys("b");
            assertThat(coming).isEmpty();
            assertThat(store.current().space("b").orElseThrow().count()).isEqualTo(7);
        }
    }

    @Test
    @DisplayName("thousands of changes are carried over in groups, each of them once")
    void thousandsOfChangesAreCarriedOver() throws IOException {
        try (RepresentationStore store = open(null, A, B)) {
            stage(store, "r1", 1, 4, A, B);
            store.publish("r1", PublicationListener.NONE);
            List<Change> changes = new ArrayList<>();
            for (int i = 1; i <= 2_001; i++) {
                changes.add(StoreFixture.upsert(100 + i, i, i));
            }
            store.apply("r1", "b", "", changes);
            stage(store, "r2", 2, 4, A);
            Release live = store.publish("r2", new Missing(false, Set.of(Missing.ALL)), PublicationListener.NONE);
            assertThat(live.carried()).isEqualTo(Map.of("b", "r1"));
            assertThat(store.current().space("b").orElseThrow().count()).isEqualTo(2_005);
            assertThat(store.apply("r2", "b", "", List.of(StoreFixture.upsert(9, 9, 9))))
                    .containsExactly(new Outcome.Accepted(2_002));
        }
        StoreArchive.Report report = StoreArchive.verify(directory.resolve("store"));
        assertThat(report.findings()).isEmpty();
        assertThat(report.changes()).isEqualTo(2_001 + 2_002);
        try (RepresentationStore store = open(null, A, B)) {
            SpaceVersion carried = store.current().space("b").orElseThrow();
            assertThat(carried.count()).isEqualTo(2_006);
            assertThat(store.releases().getFirst().carried()).isEqualTo(Map.of("b", "r1"));
        }
    }
}
