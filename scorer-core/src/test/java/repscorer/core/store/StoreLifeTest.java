package repscorer.core.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import repscorer.core.disk.Disk;
import repscorer.core.disk.ForwardingDisk;
import repscorer.core.embedding.Space;
import repscorer.core.failure.ScorerException.Conflict;
import repscorer.core.failure.ScorerException.Invalid;
import repscorer.core.failure.ScorerException.Rejected;
import repscorer.core.failure.ScorerException.Storage;
import repscorer.core.store.delta.DeltaView;

/** What a store takes when it opens and leaves behind when it closes, and what it says of its spaces. */
@Timeout(60)
class StoreLifeTest {

    @TempDir
    Path directory;

    private NotingDisk disk;

    @BeforeEach
    void begin() {
        disk = new NotingDisk(directory);
    }

    private RepresentationStore open() {
        return RepresentationStore.open(directory.resolve("store"), StoreFixture.SPACES, StoreFixture.OPTIONS, disk);
    }

    private static Set<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().matches("(compaction|background-|index-build-).*"))
                .collect(Collectors.toCollection(HashSet::new));
    }

    @Test
    @DisplayName("a closed store leaves no thread, no open file and no lock behind")
    void aClosedStoreLeavesNothingBehind() throws Exception {
        Set<Thread> before = threads();
        Set<Thread> own;
        try (RepresentationStore store = RepresentationStore.open(
                directory.resolve("store"),
                List.of(StoreFixture.space("a", "hnsw")),
                new StoreOptions(1, 1 << 20, 2, 10, 5, 1),
                disk)) {
            StoreFixture.publish(store, "r1", 1, directory);
            for (int i = 0; i < 5; i++) {
                store.apply("r1", "a", "", List.of(StoreFixture.upsert(10 + i, i, i)));
            }
            while (store.current().space("a").orElseThrow().file().count() < 9) {
                Thread.sleep(1);
            }
            store.apply("r1", "a", "", List.of(StoreFixture.upsert(20, 1, 1))); // goes to a log that is open
            assertThat(disk.open()).isNotEmpty();
            own = threads();
            own.removeAll(before);
            assertThat(own.stream().map(Thread::getName).map(name -> name.replaceAll("\\d", "")))
                    .contains("compaction", "background-", "index-build-");
            assertThatThrownBy(this::open).isInstanceOf(Conflict.class);
        }
        for (Thread each : own) {
            each.join(20_000);
        }
        assertThat(own).noneMatch(Thread::isAlive);
        assertThat(disk.open()).isEmpty();
        open().close();
    }

    @Test
    @DisplayName("changes that a log holds are linked without another that comes")
    void changesOfALogAreLinked() throws Exception {
        List<Space> spaces = List.of(StoreFixture.space("a", "hnsw"));
        StoreOptions options = new StoreOptions(1, 1 << 20, 1, 10, 1_000, 1);
        try (RepresentationStore store = RepresentationStore.open(directory.resolve("store"), spaces, options, disk)) {
            StoreFixture.publish(store, "r1", 1, directory);
            store.apply("r1", "a", "", List.of(StoreFixture.upsert(9, 9, 9)));
        }
        try (RepresentationStore store = RepresentationStore.open(directory.resolve("store"), spaces, options, disk)) {
            DeltaView changes = store.current().space("a").orElseThrow().delta();
            long end = System.nanoTime() + 20_000_000_000L;
            while ((changes.graph() == null || changes.graph().covered() == 0) && System.nanoTime() < end) {
                Thread.sleep(1);
            }
            assertThat(changes.graph()).isNotNull();
        }
    }

    @Test
    @DisplayName("a store that cannot be opened lets its directory go, whatever the cause")
    void aStoreThatCannotBeOpenedLetsItsDirectoryGo() throws IOException {
        disk.failOnceAt("sync store/releases");
        assertThatThrownBy(this::open).isInstanceOf(Storage.class).hasMessageStartingWith("the store cannot be opened");
        try (RepresentationStore store = open()) {
            StoreFixture.publish(store, "r1", 1, directory);
        }
        Path manifest = directory.resolve("store/releases/r1/release.manifest");
        byte[] whole = Files.readAllBytes(manifest);
        Files.writeString(manifest, "garbage");
        assertThatThrownBy(this::open).isInstanceOf(Rejected.class);
        Files.write(manifest, whole);
        try (RepresentationStore store = open()) {
            assertThat(store.current().release()).isEqualTo("r1");
        }
    }

    @Test
    @DisplayName("a lock that cannot be let go is no failure of a close")
    void aLockThatCannotBeLetGo() {
        Disk stuck = new ForwardingDisk(Disk.LOCAL) {
            @Override
            public Closeable lock(Path ofDirectory) {
                return () -> {
                    throw new IOException("Input/output error");
                };
            }
        };
        RepresentationStore store =
                RepresentationStore.open(directory.resolve("store"), StoreFixture.SPACES, StoreFixture.OPTIONS, stuck);
        store.close();
        assertThat(directory.resolve("store/releases")).isEmptyDirectory();
    }

    @Test
    @DisplayName("spaces are known by name, in their order, and each once")
    void spacesAreKnownByName() {
        try (RepresentationStore store = RepresentationStore.open(
                directory.resolve("store"), List.of(StoreFixture.B, StoreFixture.A), StoreFixture.OPTIONS)) {
            assertThat(store.spaces()).containsExactly(StoreFixture.A, StoreFixture.B);
            assertThat(store.space("b")).contains(StoreFixture.B);
            assertThat(store.space("c")).isEmpty();
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RepresentationStore.open(
                        directory.resolve("other"), List.of(StoreFixture.A, StoreFixture.A), StoreFixture.OPTIONS))
                .withMessage("space names must differ: 'a' twice");
    }

    @Test
    @DisplayName("a producer has a name that is one, or none")
    void aProducerHasANameOrNone() throws IOException {
        try (RepresentationStore store = open()) {
            StoreFixture.publish(store, "r1", 1, directory);
            List<Change> change = List.of(StoreFixture.upsert(9, 9, 9));
            assertThatThrownBy(() -> store.apply("r1", "a", "p/q", change))
                    .isInstanceOf(Invalid.class)
                    .hasMessageEndingWith("'p/q'");
            assertThat(store.apply("r1", "a", "p-1", change)).containsExactly(new Outcome.Accepted(1));
            assertThat(store.apply("r1", "a", "", change)).containsExactly(new Outcome.Accepted(2));
        }
    }
}
