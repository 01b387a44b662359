package repscorer.core.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.ann.HnswParameters;
import repscorer.core.disk.Disk;
import repscorer.core.embedding.DenseSpace;
import repscorer.core.embedding.Embedding;
import repscorer.core.embedding.EmbeddingFileWriter;
import repscorer.core.embedding.Space;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.core.failure.Finding;
import repscorer.core.failure.ScorerException;
import repscorer.core.signal.Signal;
import repscorer.core.signal.SignalLimits;
import repscorer.core.signal.SignalPush;
import repscorer.core.signal.SignalSource;
import repscorer.core.signal.SignalStore;
import repscorer.core.signal.SignalType;
import repscorer.vector.Metric;

class StoreArchiveTest {

    private static final EntityKind USER = EntityKind.USER;
    private static final DenseSpace SPACE =
            new DenseSpace("users", "m", USER, 2, Metric.L2, "exact", HnswParameters.DEFAULT, 0, true);
    private static final List<Space> SPACES = List.of(SPACE);
    private static final StoreOptions OPTIONS = new StoreOptions(2, 1 << 20, 1, 10, 1_000_000);

    @TempDir
    Path directory;

    private RepresentationStore store() throws IOException {
        RepresentationStore store = RepresentationStore.open(directory.resolve("store"), SPACES, OPTIONS);
        if (store.current().isEmpty()) {
            publish(store, "one");
        }
        return store;
    }

    private void publish(RepresentationStore store, String release) throws IOException {
        EmbeddingFileWriter writer = EmbeddingFileWriter.dense("users", "m", USER, 2);
        writer.add(EntityId.of(USER, 1), new float[] {1, 1});
        byte[] bytes = Files.readAllBytes(writer.writeTo(directory));
        store.stage(release, "users", new ByteArrayInputStream(bytes));
        store.publish(release, PublicationListener.NONE);
    }

    private static void upsert(RepresentationStore store, int number) {
        Change change = new Change.Upsert(
                EntityId.of(USER, number), new Embedding.Dense(new float[] {number, 0}), OptionalLong.empty());
        store.apply(store.current().release(), "users", "", List.of(change));
    }

    @Test
    void aBackupTakenUnderWritesHoldsWhatWasAcknowledgedBefore() throws Exception {
        RepresentationStore store = store();
        AtomicBoolean stop = new AtomicBoolean();
        AtomicInteger done = new AtomicInteger(1);
        Thread writer = Thread.ofPlatform().start(() -> {
            while (!stop.get()) {
                upsert(store, done.get() + 1);
                done.incrementAndGet();
                if (done.get() % 20 == 0) {
                    store.compact("users", PublicationListener.NONE);
                }
            }
        });
        for (int backup = 0; backup < 5; backup++) {
            while (done.get() < 30 * (backup + 1)) {
                Thread.onSpinWait();
            }
            int before = done.get();
            Path copy = directory.resolve("backup" + backup);
            StoreArchive.Report report = StoreArchive.backup(directory.resolve("store"), copy);
            assertThat(report.damaged()).as(report.toString()).isFalse();
            Path home = directory.resolve("restored" + backup);
            StoreArchive.restore(copy, home);
            try (RepresentationStore restored = RepresentationStore.open(home, SPACES, OPTIONS)) {
                assertThat(restored.current().release()).isEqualTo("one");
                assertThat(restored.current().space("users").orElseThrow().count())
                        .isGreaterThanOrEqualTo(before);
            }
        }
        stop.set(true);
        writer.join();
        store.close();
    }

    @Test
    void verifyNamesWhatIsDamagedAndABackupOfItIsRefused() throws IOException {
        RepresentationStore store = store();
        upsert(store, 2);
        upsert(store, 3);
        store.close();
        Path root = directory.resolve("store");
        assertThat(StoreArchive.verify(root).findings()).isEmpty();
        assertThat(StoreArchive.verify(root).changes()).isEqualTo(2);

        Path file = root.resolve("releases/one/users.emb");
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 3] ^= 4;
        Files.write(file, bytes);

        StoreArchive.Report report = StoreArchive.verify(root);
        assertThat(report.damaged()).isTrue();
        assertThat(report.findings()).singleElement().satisfies(finding -> {
            assertThat(finding.file()).isEqualTo("releases/one/users.emb");
            assertThat(finding.message()).contains("norms");
        });
        assertThatThrownBy(() -> StoreArchive.backup(root, directory.resolve("copy")))
                .isInstanceOf(ScorerException.Rejected.class)
                .hasMessageContaining("users.emb");
        assertThat(directory.resolve("copy")).doesNotExist();
        assertThat(directory.resolve("copy.partial")).doesNotExist();
    }

    @Test
    void refusesTargetsThatExistAndDirectoriesThatAreNoStores() throws IOException {
        store().close();
        assertThatThrownBy(() -> StoreArchive.backup(directory.resolve("store"), directory))
                .isInstanceOf(ScorerException.Invalid.class)
                .hasMessageContaining("must not exist");
        assertThatThrownBy(() -> StoreArchive.verify(directory.resolve("nowhere")))
                .isInstanceOf(ScorerException.Invalid.class)
                .hasMessageContaining("has none");
    }

    private static SignalStore signals(Path store) {
        return SignalStore.open(
                Disk.LOCAL,
                store.resolve("signals"),
                store.resolveSibling("signals.tsv"),
                List.of(new SignalType("block", USER, 1_000, Duration.ofDays(30))),
                SignalLimits.ofUsers(10),
                InstantSource.system());
    }

    private static SignalPush block(int entity) {
        Signal signal = new Signal("block", EntityId.of(USER, entity), System.currentTimeMillis());
        return new SignalPush(EntityId.of(USER, 1), signal, false);
    }

    private static int blocks(SignalStore signals) {
        return ((SignalSource.Answer.Found) signals.read(EntityId.of(USER, 1), Set.of("block"), Duration.ZERO))
                .signals()
                .size();
    }

    @DisplayName("S3: blocks and mutes are in a backup, taken while they are pushed, and come back")
    @Test
    void aBackupTakesSignalsAlong() throws Exception {
        store().close();
        Path root = directory.resolve("store");
        int before;
        try (SignalStore signals = signals(root)) {
            AtomicBoolean stop = new AtomicBoolean();
            AtomicInteger done = new AtomicInteger();
            Thread writer = Thread.ofPlatform().start(() -> {
                while (!stop.get() && done.get() < 900) {
                    signals.push(List.of(block(done.get())));
                    done.incrementAndGet();
                }
            });
            while (done.get() < 20) {
                Thread.onSpinWait();
            }
            before = done.get();
            StoreArchive.Report report = StoreArchive.backup(root, directory.resolve("copy"));
            assertThat(report.damaged()).as(report.toString()).isFalse();
            assertThat(report.signals()).isGreaterThanOrEqualTo(before);
            stop.set(true);
            writer.join();
        }
        Path home = directory.resolve("restored");
        StoreArchive.restore(directory.resolve("copy"), home);
        try (SignalStore restored = signals(home)) {
            assertThat(blocks(restored)).isGreaterThanOrEqualTo(before);
        }
    }

    @DisplayName("S3: a flipped bit in signals is damage, and none is served wrong")
    @Test
    void damagedSignalsAreNamedAndTheOthersServed() throws Exception {
        store().close();
        Path root = directory.resolve("store");
        try (SignalStore signals = signals(root)) {
            for (int i = 0; i < 10; i++) {
                signals.push(List.of(block(i)));
            }
        }
        Path segment = root.resolve("signals/1/signals.00000001.log");
        byte[] bytes = Files.readAllBytes(segment);
        bytes[bytes.length / 2] ^= 4;
        Files.write(segment, bytes);
        StoreArchive.Report report = StoreArchive.verify(root);
        assertThat(report.damaged()).isTrue();
        assertThat(report.findings())
                .allSatisfy(finding -> assertThat(finding.file()).isEqualTo("signals/1/signals.00000001.log"));
        try (SignalStore signals = signals(root)) {
            assertThat(blocks(signals)).isEqualTo(9);
            assertThat(signals.findings()).isNotEmpty();
        }
    }

    @DisplayName("S3: a damaged graph is named, though it is built anew")
    @Test
    void verifyNamesADamagedGraph() throws Exception {
        Path root = directory.resolve("store");
        StoreOptions options = new StoreOptions(1, 1 << 20, 1, 10, 1_000, 1);
        DenseSpace graph = StoreFixture.space("a", "hnsw");
        try (RepresentationStore store = RepresentationStore.open(root, List.of(graph), options)) {
            StoreFixture.publish(store, "r1", 1, directory);
        }
        Path file;
        try (Stream<Path> files = Files.list(root.resolve("indexes"))) {
            file = files.findFirst().orElseThrow();
        }
        assertThat(StoreArchive.verify(root).findings()).isEmpty();
        byte[] bytes = Files.readAllBytes(file);
        bytes[5_000] ^= 4;
        Files.write(file, bytes);
        StoreArchive.Report report = StoreArchive.verify(root);
        assertThat(report.damaged()).isFalse();
        assertThat(report.findings())
                .singleElement()
                .satisfies(finding -> assertThat(finding.kind()).isEqualTo(Finding.Kind.REBUILT));
    }

    @Test
    @DisplayName("S4: a segment that a power cut brings back in part is no damage where a base holds its changes")
    void whatABaseHoldsIsNotLostWithItsLog() throws IOException {
        Path data = directory.resolve("store");
        Path first = data.resolve("releases/r1/a.00000001.log");
        Path second = data.resolve("releases/r1/a.00000002.log");
        try (RepresentationStore store = RepresentationStore.open(data, StoreFixture.SPACES, OPTIONS)) {
            StoreFixture.publish(store, "r1", 1, directory);
            store.apply("r1", "a", "", List.of(StoreFixture.upsert(5, 5, 5)));
            store.apply("r1", "a", "", List.of(StoreFixture.upsert(6, 6, 6)));
        }
        byte[] cut;
        byte[] whole;
        try (RepresentationStore store = RepresentationStore.open(data, StoreFixture.SPACES, OPTIONS)) {
            store.apply("r1", "a", "", List.of(StoreFixture.upsert(7, 7, 7)));
            cut = Files.readAllBytes(first);
            whole = Files.readAllBytes(second);
            store.compact("a", PublicationListener.NONE);
        }
        assertThat(first).doesNotExist();
        Files.write(first, java.util.Arrays.copyOf(cut, cut.length - 8));
        Files.write(second, whole);
        StoreArchive.Report report = StoreArchive.verify(data);
        assertThat(report.damaged()).as("%s", report.findings()).isFalse();
        assertThat(report.findings())
                .isNotEmpty()
                .allSatisfy(finding -> assertThat(finding.message()).contains("no change is lost"));
        assertThat(StoreArchive.backup(data, directory.resolve("copy")).damaged())
                .isFalse();
        try (RepresentationStore store = RepresentationStore.open(data, StoreFixture.SPACES, OPTIONS)) {
            assertThat(store.current().space("a").orElseThrow().count()).isEqualTo(7);
        }
    }
}
