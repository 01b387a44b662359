package repscorer.core.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import repscorer.ann.HnswParameters;
import repscorer.core.disk.Disk;
import repscorer.core.disk.ForwardingDisk;
import repscorer.core.embedding.DenseSpace;
import repscorer.core.embedding.Embedding;
import repscorer.core.embedding.Space;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.core.failure.Finding;
import repscorer.core.failure.ScorerException.NotFound;
import repscorer.core.failure.ScorerException.Rejected;
import repscorer.core.failure.ScorerException.Storage;
import repscorer.vector.Metric;

/** What a start makes of what it finds. */
class StoreOpenerTest {

    private static final Space A = StoreFixture.A;
    private static final Space B =
            new DenseSpace("b", "m", EntityKind.USER, 2, Metric.L2, "exact", HnswParameters.DEFAULT, 0.5, false);
    private static final StoreOptions OPTIONS = new StoreOptions(3, 1 << 20, 1, 10, 1_000);

    @TempDir
    Path directory;

    private NotingDisk disk;
    private Path root;

    @BeforeEach
    void begin() {
        disk = new NotingDisk(directory);
        root = directory.resolve("store");
    }

    private RepresentationStore open(Space... spaces) {
        return RepresentationStore.open(root, List.of(spaces), OPTIONS, disk);
    }

    /** Publishes releases of both spaces, with first values 1, 2 and so on. */
    private void publish(String... releases) throws IOException {
        try (RepresentationStore store = open(A, B)) {
            float first = 1;
            for (String release : releases) {
                StoreFixture.publish(store, release, first++, directory);
            }
        }
    }

    private static Finding damaged(String file, String message) {
        return new Finding(Finding.Kind.DAMAGED, file, message);
    }

    @Test
    @DisplayName("a space that is declared no longer is left out, and is there again where it is declared again")
    void aSpaceThatIsDeclaredNoLonger() throws IOException {
        publish("r1");
        try (RepresentationStore store = open(A)) {
            assertThat(store.current().spaces())
                    .extracting(each -> each.space().name())
                    .containsExactly("a");
            assertThat(store.findings()).isEmpty();
            assertThat(store.releases().getFirst().versions()).containsOnlyKeys("a", "b");
        }
        try (RepresentationStore store = open(A, B)) {
            assertThat(store.current().space("b")).isPresent();
        }
    }

    @Test
    @DisplayName("a damaged space that is not required is told of and left out; one that is required is not")
    void aDamagedSpaceThatIsNotRequired() throws IOException {
        publish("r1", "r2");
        Files.copy(root.resolve("releases/r1/a.emb"), directory.resolve("other"));
        Files.delete(root.resolve("releases/r2/b.emb"));
        try (RepresentationStore store = open(A, B)) {
            assertThat(store.current().release()).isEqualTo("r2");
            assertThat(store.current().space("a")).isPresent();
            assertThat(store.current().space("b")).isEmpty();
            assertThat(store.findings()).singleElement().satisfies(finding -> {
                assertThat(finding.kind()).isEqualTo(Finding.Kind.DAMAGED);
                assertThat(finding.file()).isEqualTo("releases/r2/b.emb");
                assertThat(finding.message()).startsWith("the file cannot be read: b.emb");
            });
        }
        Files.delete(root.resolve("releases/r2/a.emb"));
        Files.copy(directory.resolve("other"), root.resolve("releases/r2/a.emb"));
        try (RepresentationStore store = open(A, B)) {
            assertThat(store.current().release()).isEqualTo("r1");
            assertThat(store.findings())
                    .last()
                    .satisfies(finding -> assertThat(finding.message())
                            .startsWith("the release cannot be opened: a.emb is not the file that was published"));
        }
    }

    @Test
    @DisplayName("the release that LIVE names is live, without one that can be read the newest is")
    void theReleaseThatIsNamedIsLive() throws IOException {
        publish("r1", "r2", "r3");
        try (RepresentationStore store = open(A, B)) {
            store.rollBack("r2");
        }
        try (RepresentationStore store = open(A, B)) {
            assertThat(store.current().release()).isEqualTo("r2");
            assertThat(store.findings()).isEmpty();
        }
        Files.writeString(root.resolve("LIVE"), "release=r2\n");
        try (RepresentationStore store = open(A, B)) {
            assertThat(store.current().release()).isEqualTo("r3");
            assertThat(store.findings())
                    .containsExactly(damaged(
                            "LIVE", "the newest release goes live: the checksum at its end is missing or differs"));
        }
        Files.delete(root.resolve("LIVE"));
        try (RepresentationStore store = open(A, B)) {
            assertThat(store.current().release()).isEqualTo("r3");
            assertThat(store.findings()).isEmpty();
        }
    }

    @Test
    @DisplayName("a manifest that is damaged or another release's is told of, and where none is left nothing opens")
    void aManifestThatIsNone() throws IOException {
        publish("r1", "r2");
        Files.copy(root.resolve("releases/r1/release.manifest"), directory.resolve("of-r1"));
        Files.delete(root.resolve("releases/r2/release.manifest"));
        Files.copy(directory.resolve("of-r1"), root.resolve("releases/r2/release.manifest"));
        try (RepresentationStore store = open(A, B)) {
            assertThat(store.current().release()).isEqualTo("r1");
            assertThat(store.findings())
                    .containsExactly(damaged(
                            "releases/r2/release.manifest",
                            "the manifest of release r2 is damaged: it names another release, r1"));
        }
        Files.writeString(root.resolve("releases/r1/release.manifest"), "garbage");
        assertThatThrownBy(() -> open(A, B))
                .isInstanceOf(Rejected.class)
                .hasMessage("no release can be opened: "
                        + "r1 (its manifest is damaged: the checksum at its end is missing or differs); "
                        + "r2 (its manifest is damaged: it names another release, r1)");
        assertThat(root.resolve("releases/r1/a.emb")).as("left for an operator").exists();
    }

    @Test
    @DisplayName("what an interrupted compaction left is removed, and nothing else")
    void whatAnInterruptedCompactionLeftIsRemoved() throws IOException {
        publish("r1");
        try (RepresentationStore store = open(A, B)) {
            store.apply("r1", "a", "", List.of(StoreFixture.upsert(9, 9, 9)));
            store.compact("a", PublicationListener.NONE);
            store.apply("r1", "a", "", List.of(StoreFixture.upsert(8, 8, 8)));
        }
        Files.writeString(root.resolve("releases/r1/a.2.emb"), "half");
        Files.writeString(root.resolve("releases/r1/a.emb"), "the base before");
        open(A, B).close();
        try (Stream<Path> files = Files.list(root.resolve("releases/r1"))) {
            assertThat(files.map(file -> String.valueOf(file.getFileName())))
                    .as("and the last group is written again")
                    .containsExactlyInAnyOrder(
                            "a.1.emb", "a.00000002.log", "a.00000003.log", "b.emb", "release.manifest");
        }
    }

    private static Change numbered(int id, long number) {
        return new Change.Upsert(
                EntityId.of(EntityKind.USER, id), new Embedding.Dense(new float[] {id, id}), OptionalLong.of(number));
    }

    @Test
    @DisplayName("changes and their producers' highest numbers are there again, out of the base and out of the log")
    void changesAreThereAgain() throws IOException {
        publish("r1");
        String version;
        try (RepresentationStore store = open(A, B)) {
            store.apply("r1", "a", "p", List.of(numbered(5, 10), numbered(6, 11)));
            store.compact("a", PublicationListener.NONE);
            store.apply("r1", "a", "q", List.of(numbered(7, 3)));
            store.apply("r1", "a", "q", List.of(numbered(8, 2), numbered(8, 4)));
            version = store.current().space("a").orElseThrow().version();
            assertThat(version).endsWith("+4");
        }
        try (RepresentationStore store = open(A, B)) {
            SpaceVersion space = store.current().space("a").orElseThrow();
            assertThat(space.version()).isEqualTo(version);
            assertThat(space.count()).isEqualTo(8);
            assertThat(store.apply("r1", "a", "p", List.of(numbered(9, 11), numbered(9, 12))))
                    .containsExactly(new Outcome.Duplicate(11), new Outcome.Accepted(5));
            assertThat(store.apply("r1", "a", "q", List.of(numbered(9, 4), numbered(9, 5))))
                    .containsExactly(new Outcome.Duplicate(4), new Outcome.Accepted(6));
        }
    }

    @Test
    @DisplayName("a log that cannot be continued is told of, served, and continued as soon as it can be")
    void aLogThatCannotBeContinued() throws IOException {
        publish("r1");
        try (RepresentationStore store = open(A, B)) {
            store.apply("r1", "a", "", List.of(StoreFixture.upsert(9, 9, 9)));
        }
        disk.failOnceAt("write store/releases/r1/a.00000002");
        try (RepresentationStore store = open(A, B)) {
            assertThat(store.findings())
                    .containsExactly(new Finding(
                            Finding.Kind.UNPROVEN,
                            "releases/r1",
                            "the log of a could not be continued: Input/output error"));
            assertThat(store.current().space("a").orElseThrow().count()).isEqualTo(5);
            assertThat(store.apply("r1", "a", "", List.of(StoreFixture.upsert(8, 8, 8))))
                    .containsExactly(new Outcome.Accepted(2));
        }
        try (RepresentationStore store = open(A, B)) {
            assertThat(store.findings()).isEmpty();
            assertThat(store.current().space("a").orElseThrow().count()).isEqualTo(6);
        }
    }

    @Test
    @DisplayName("a torn end of a log is told of, and what was acknowledged is there")
    void aTornEndOfALog() throws IOException {
        publish("r1");
        try (RepresentationStore store = open(A, B)) {
            store.apply("r1", "a", "", List.of(StoreFixture.upsert(9, 9, 9)));
        }
        Path log = root.resolve("releases/r1/a.00000001.log");
        byte[] whole = Files.readAllBytes(log);
        Files.write(log, Arrays.copyOf(whole, whole.length + 24));
        try (RepresentationStore store = open(A, B)) {
            assertThat(store.findings())
                    .singleElement()
                    .satisfies(finding -> assertThat(finding.kind()).isEqualTo(Finding.Kind.TORN));
            assertThat(store.current().space("a").orElseThrow().count()).isEqualTo(5);
        }
    }

    @Test
    @DisplayName("changes behind ones that are lost have the numbers that they had")
    void changesBehindLostOnes() throws IOException {
        publish("r1");
        try (RepresentationStore store = open(A, B)) {
            for (int i = 7; i <= 9; i++) {
                store.apply("r1", "a", "", List.of(StoreFixture.upsert(i, i, i)));
            }
        }
        Path log = root.resolve("releases/r1/a.00000001.log");
        byte[] bytes = Files.readAllBytes(log);
        bytes[bytes.length / 2] ^= 4;
        Files.write(log, bytes);
        try (RepresentationStore store = open(A, B)) {
            assertThat(store.findings()).isNotEmpty().allMatch(finding -> finding.kind() == Finding.Kind.DAMAGED);
            assertThat(store.current().space("a").orElseThrow().count()).isEqualTo(6);
            assertThat(store.current().space("a").orElseThrow().version()).endsWith("+3");
            assertThat(store.apply("r1", "a", "", List.of(StoreFixture.upsert(5, 5, 5))))
                    .containsExactly(new Outcome.Accepted(4));
        }
    }

    @Test
    @DisplayName("a kept release of an earlier process is opened once, by whoever asks first, with its changes")
    void aKeptReleaseIsOpenedOnce() throws IOException {
        publish("r1");
        try (RepresentationStore store = open(A, B)) {
            store.apply("r1", "a", "", List.of(StoreFixture.upsert(9, 9, 9)));
        }
        publish("r2");
        try (RepresentationStore store = open(A, B)) {
            Snapshot kept = store.snapshot("r1").orElseThrow();
            assertThat(kept.space("a").orElseThrow().count()).isEqualTo(5);
            assertThat(store.snapshot("r1")).containsSame(kept);
            store.rollBack("r1");
            assertThat(store.current()).isSameAs(kept);
            assertThat(store.apply("r1", "a", "", List.of(StoreFixture.upsert(8, 8, 8))))
                    .containsExactly(new Outcome.Accepted(2));
            assertThat(store.snapshot("r9")).isEmpty();
        }
    }

    @Test
    @Timeout(60)
    @DisplayName("who asks for a kept release while it is opened waits and gets the same")
    void whoAsksMeanwhileWaits() throws Exception {
        publish("r1", "r2");
        RepresentationStore[] opened = new RepresentationStore[1];
        List<FutureTask<Optional<Snapshot>>> meanwhile = new ArrayList<>();
        Disk held = new ForwardingDisk(Disk.LOCAL) {
            @Override
            public MemorySegment map(Path file) throws IOException {
                if (file.endsWith("r1/a.emb") && meanwhile.isEmpty()) {
                    FutureTask<Optional<Snapshot>> task = new FutureTask<>(() -> opened[0].snapshot("r1"));
                    meanwhile.add(task);
                    Thread asking = Thread.ofPlatform().daemon().start(task);
                    while (asking.getState() != Thread.State.WAITING) {
                        Thread.onSpinWait();
                    }
                }
                return super.map(file);
            }
        };
        try (RepresentationStore store = RepresentationStore.open(root, List.of(A, B), OPTIONS, held)) {
            opened[0] = store;
            Snapshot first = store.snapshot("r1").orElseThrow();
            assertThat(meanwhile.getFirst().get(20, TimeUnit.SECONDS)).containsSame(first);
        }
    }

    @Test
    @DisplayName("a log that cannot be read keeps its release from opening, as a failure of the disk")
    void aLogThatCannotBeRead() throws IOException {
        publish("r1", "r2");
        Files.createDirectory(root.resolve("releases/r1/a.00000001.log"));
        try (RepresentationStore store = open(A, B)) {
            assertThatThrownBy(() -> store.rollBack("r1"))
                    .isInstanceOf(Storage.class)
                    .hasMessageStartingWith("the log of a in release r1 cannot be read");
            assertThat(store.current().release()).isEqualTo("r2");
        }
    }

    @Test
    @DisplayName("a rejected release is known after a start, and neither opened nor rolled back to")
    void aRejectedReleaseIsNotOpened() throws IOException {
        publish("r1");
        Manifest rejected = new Manifest("r2", 9, Instant.EPOCH, Map.of("a", "x"), List.of(), Optional.of("too bad"));
        Files.createDirectory(root.resolve("releases/r2"));
        Files.write(root.resolve("releases/r2/release.manifest"), rejected.toBytes());
        try (RepresentationStore store = open(A, B)) {
            assertThat(store.current().release()).isEqualTo("r1");
            assertThat(store.snapshot("r2")).isEmpty();
            assertThatThrownBy(() -> store.rollBack("r2")).isInstanceOf(NotFound.class);
            assertThatThrownBy(() -> store.publish("r2", PublicationListener.NONE))
                    .isInstanceOf(Rejected.class)
                    .hasMessage("release r2 was rejected: too bad");
        }
    }
}
