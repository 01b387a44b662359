package repscorer.core.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.core.disk.Disk;
import repscorer.core.disk.ForwardingDisk;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.core.failure.Finding;
import repscorer.core.failure.ScorerException.Invalid;
import repscorer.core.failure.ScorerException.Rejected;
import repscorer.core.signal.Signal;
import repscorer.core.signal.SignalLimits;
import repscorer.core.signal.SignalPush;
import repscorer.core.signal.SignalStore;
import repscorer.core.signal.SignalType;

/** What a check or a copy of a store counts and finds, also where the store changes under its hands. */
class ArchiveReportTest {

    private static final EntityId USER = EntityId.of(EntityKind.USER, 1);

    @TempDir
    Path directory;

    private Path root;

    @BeforeEach
    void begin() throws IOException {
        root = directory.resolve("store");
        try (RepresentationStore store = open(Disk.LOCAL)) {
            StoreFixture.publish(store, "r1", 1, directory);
            store.apply("r1", "a", "", List.of(StoreFixture.upsert(8, 8, 8), StoreFixture.upsert(9, 9, 9)));
            store.compact("a", PublicationListener.NONE);
            store.apply("r1", "a", "", List.of(StoreFixture.upsert(7, 7, 7)));
            StoreFixture.publish(store, "r2", 2, directory);
        }
    }

    private RepresentationStore open(Disk disk) {
        return RepresentationStore.open(root, StoreFixture.SPACES, StoreFixture.OPTIONS, disk);
    }

    private void push(int signals) {
        try (SignalStore store = SignalStore.open(
                Disk.LOCAL,
                root.resolve("signals"),
                directory.resolve("signals.tsv"),
                List.of(new SignalType("block", EntityKind.USER, 100, Duration.ofDays(30))),
                SignalLimits.ofUsers(10),
                InstantSource.system())) {
            for (int i = 0; i < signals; i++) {
                Signal signal = new Signal("block", EntityId.of(EntityKind.USER, i), System.currentTimeMillis());
                store.push(List.of(new SignalPush(USER, signal, false)));
            }
        }
    }

    private static long bytes(Path under) throws IOException {
        try (Stream<Path> files = Files.walk(under)) {
            return files.filter(file ->
                            file.toString().endsWith(".emb") || file.toString().endsWith(".log"))
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }

    private static Finding damaged(String file, String message) {
        return new Finding(Finding.Kind.DAMAGED, file, message);
    }

    @Test
    @DisplayName("S3: a check and a copy count releases, changes, signals and the bytes of rows and logs")
    void whatIsThereIsCounted() throws IOException {
        push(3);
        StoreArchive.Report report = StoreArchive.verify(root);
        assertThat(report).isEqualTo(new StoreArchive.Report("r2", 2, 1, 3, bytes(root), List.of()));
        assertThat(StoreArchive.backup(root, directory.resolve("copy")).changes())
                .isEqualTo(1);
        assertThat(bytes(directory.resolve("copy"))).isEqualTo(bytes(root));
        StoreArchive.Report restored = StoreArchive.restore(directory.resolve("copy"), directory.resolve("home"));
        assertThat(restored).isEqualTo(report);
        assertThat(StoreArchive.verify(directory.resolve("home"))).isEqualTo(report);
    }

    @Test
    @DisplayName(
            "S3: rejected releases are copied as they are known, without rows, and what is no release is not copied")
    void rejectedReleasesAreCopied() throws IOException {
        Manifest rejected =
                new Manifest("r3", 9, Instant.EPOCH, Map.of("a", "checksum"), List.of(), Optional.of("too bad"));
        Files.createDirectory(root.resolve("releases/r3"));
        Files.write(root.resolve("releases/r3/release.manifest"), rejected.toBytes());
        Files.createDirectory(root.resolve("releases/unfinished"));
        assertThat(StoreArchive.verify(root).releases()).isEqualTo(3);
        StoreArchive.Report report = StoreArchive.backup(root, directory.resolve("copy"));
        assertThat(report.findings()).isEmpty();
        assertThat(report.releases()).isEqualTo(3);
        assertThat(directory.resolve("copy/releases/r3")).isDirectoryContaining("glob:**/release.manifest");
        assertThat(directory.resolve("copy/releases/unfinished")).doesNotExist();
    }

    @Test
    @DisplayName("S3: each file that is missing, damaged or another one is named from the store's directory on")
    void whatIsDamagedIsNamed() throws IOException {
        Files.delete(root.resolve("releases/r1/b.emb"));
        Files.delete(root.resolve("releases/r2/a.emb"));
        Files.copy(root.resolve("releases/r1/a.1.emb"), root.resolve("releases/r2/a.emb"));
        Files.writeString(root.resolve("LIVE"), "garbage");
        StoreArchive.Report report = StoreArchive.verify(root);
        assertThat(report.live()).isEmpty();
        assertThat(report.damaged()).isTrue();
        assertThat(report.findings())
                .containsExactly(
                        damaged("LIVE", "the checksum at its end is missing or differs"),
                        damaged("releases/r1/b.emb", "the file is missing"),
                        damaged("releases/r2/a.emb", "it is not the file that was published"));
        Files.writeString(root.resolve("releases/r1/release.manifest"), "garbage");
        assertThat(StoreArchive.verify(root).findings())
                .contains(damaged("releases/r1/release.manifest", "the checksum at its end is missing or differs"));
        assertThatThrownBy(() -> StoreArchive.backup(root, directory.resolve("copy")))
                .isInstanceOf(Rejected.class)
                .hasMessageContaining("is damaged: LIVE");
        assertThat(directory.resolve("copy.partial")).doesNotExist();
    }

    @Test
    @DisplayName("S3: what an earlier copy left half is no part of the next")
    void whatAnEarlierCopyLeftIsGone() throws IOException {
        Files.createDirectories(directory.resolve("copy.partial/releases/r0"));
        StoreArchive.backup(root, directory.resolve("copy"));
        assertThat(directory.resolve("copy/releases")).isDirectoryNotContaining("glob:**/r0");
        assertThat(directory.resolve("copy.partial")).doesNotExist();
    }

    /** Does something to the store before files whose path ends in some words are mapped, one thing each time. */
    private final class Meddling extends ForwardingDisk {

        private final String words;
        private final Deque<Runnable> steps = new ArrayDeque<>();

        Meddling(String words, Runnable... steps) {
            super(Disk.LOCAL);
            this.words = words;
            this.steps.addAll(List.of(steps));
        }

        @Override
        public MemorySegment map(Path file) throws IOException {
            if (file.toString().endsWith(words) && file.startsWith(root) && !steps.isEmpty()) {
                steps.removeFirst().run();
            }
            return super.map(file);
        }
    }

    private void compact(String space) {
        try (RepresentationStore store = open(Disk.LOCAL)) {
            store.apply("r2", space, "", List.of(StoreFixture.upsert(9, 9, 9)));
            store.compact(space, PublicationListener.NONE);
        }
    }

    private static Runnable unchecked(Callable<?> step) {
        return () -> {
            try {
                step.call();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        };
    }

    @Test
    @DisplayName("S3: a release that is compacted while it is copied is copied as it is afterwards, and counted once")
    void aReleaseThatIsCompactedMeanwhile() throws IOException {
        Meddling disk = new Meddling("r2/a.emb", () -> compact("b"), () -> compact("b"));
        StoreArchive.Report report = StoreArchive.copy(root, directory.resolve("copy"), disk);
        assertThat(report.findings()).isEmpty();
        assertThat(report.releases()).isEqualTo(2);
        try (Stream<Path> files = Files.list(directory.resolve("copy/releases/r2"))) {
            assertThat(files.map(file -> String.valueOf(file.getFileName())))
                    .containsExactlyInAnyOrder("a.emb", "b.2.emb", "release.manifest");
        }
    }

    @Test
    @DisplayName("S3: what was copied of a release before it was compacted is not in the copy")
    void whatWasCopiedBefore() throws IOException {
        Meddling disk = new Meddling("r2/b.emb", () -> compact("a"));
        assertThat(StoreArchive.copy(root, directory.resolve("copy"), disk).findings())
                .isEmpty();
        assertThat(directory.resolve("copy/releases/r2/a.1.emb")).exists();
        assertThat(directory.resolve("copy/releases/r2/a.emb")).doesNotExist();
    }

    @Test
    @DisplayName("S3: what changes again and again is read ten times, and told as it was read last")
    void whatChangesAgainAndAgain() throws IOException {
        Path manifest = root.resolve("releases/r2/release.manifest");
        Manifest whole = Manifest.parse(Files.readAllBytes(manifest));
        Runnable[] changes = new Runnable[22]; // two at each reading
        for (int i = 0; i < changes.length; i++) {
            Instant time = Instant.ofEpochSecond(i);
            changes[i] = unchecked(() -> Files.write(
                    manifest,
                    new Manifest("r2", whole.sequence(), time, whole.versions(), List.of(), Optional.empty())
                            .toBytes()));
        }
        Meddling disk = new Meddling("r2/a.emb", changes);
        assertThat(StoreArchive.verify(root, disk).findings()).isEmpty();
        assertThat(disk.steps).hasSize(2);

        push(3);
        changes = new Runnable[12];
        for (int i = 0; i < changes.length; i++) {
            Path from = root.resolve("signals/" + (i + 1));
            Path to = root.resolve("signals/" + (i + 2));
            changes[i] = unchecked(() -> Files.move(from, to));
        }
        disk = new Meddling("signals.00000001.log", changes);
        assertThat(StoreArchive.verify(root, disk).findings())
                .containsExactly(damaged("signals/10/signals.00000001.log", "the file is missing"));
        assertThat(disk.steps).hasSize(2);
    }

    @Test
    @DisplayName("S3: a live release that is not there is damage, and what else is found is told once")
    void aLiveReleaseThatIsNotThere() throws IOException {
        Files.delete(root.resolve("releases/r2/release.manifest"));
        Files.delete(root.resolve("releases/r1/b.emb"));
        StoreArchive.Report report = StoreArchive.verify(root);
        assertThat(report.findings())
                .containsExactly(
                        damaged("releases/r1/b.emb", "the file is missing"),
                        damaged("LIVE", "the release that it names is not there: r2"));
        assertThat(report.releases()).isEqualTo(1);
        assertThat(report.changes()).isEqualTo(1);
        assertThatThrownBy(() -> StoreArchive.backup(root, directory.resolve("copy")))
                .isInstanceOf(Rejected.class);
    }

    @Test
    @DisplayName("S3: damaged signals are not copied, nor is a directory that is no store")
    void damagedSignalsAreNotCopied() throws IOException {
        push(3);
        Path segment = root.resolve("signals/1/signals.00000001.log");
        byte[] bytes = Files.readAllBytes(segment);
        bytes[bytes.length / 2] ^= 4;
        Files.write(segment, bytes);
        assertThatThrownBy(() -> StoreArchive.backup(root, directory.resolve("copy")))
                .isInstanceOf(Rejected.class)
                .hasMessageContaining("signals/1/signals.00000001.log");
        assertThatThrownBy(() -> StoreArchive.backup(directory, directory.resolve("copy")))
                .isInstanceOf(Invalid.class);
        assertThatThrownBy(() -> StoreArchive.verify(directory)).isInstanceOf(Invalid.class);
    }

    @Test
    @DisplayName("S3: where releases go while they are copied, the copy is of those that are there at the end")
    void releasesThatGoMeanwhile() throws IOException {
        Meddling disk = new Meddling("r2/a.emb", unchecked(() -> {
            try (RepresentationStore store = open(Disk.LOCAL)) {
                StoreFixture.publish(store, "r3", 3, directory);
                return StoreFixture.publish(store, "r4", 4, directory);
            }
        }));
        StoreArchive.Report report = StoreArchive.copy(root, directory.resolve("copy"), disk);
        assertThat(report.findings()).isEmpty();
        assertThat(report.live()).isEqualTo("r4");
        assertThat(report.releases()).isEqualTo(2);
        try (RepresentationStore copy =
                RepresentationStore.open(directory.resolve("copy"), StoreFixture.SPACES, StoreFixture.OPTIONS)) {
            assertThat(copy.current().release()).isEqualTo("r4");
            assertThat(copy.snapshot("r3")).isPresent();
        }
    }

    @Test
    @DisplayName("S3: signals are read again where their log is written anew meanwhile")
    void signalsThatAreWrittenAnewMeanwhile() throws IOException {
        push(3);
        Path generation = root.resolve("signals/1");
        Meddling disk = new Meddling(
                "signals/1/signals.00000001.log", unchecked(() -> Files.move(generation, root.resolve("signals/2"))));
        StoreArchive.Report report = StoreArchive.verify(root, disk);
        assertThat(report.findings())
                .isNotEmpty()
                .allMatch(finding -> finding.file().startsWith("signals/2/"));
    }

    @Test
    @DisplayName("S3: what goes and never comes back is damage in the end")
    void whatGoesForGoodIsDamage() throws IOException {
        push(3);
        Disk disk = new ForwardingDisk(Disk.LOCAL) {
            @Override
            public MemorySegment map(Path file) throws IOException {
                if (file.toString().contains("signals.0000")) {
                    throw new NoSuchFileException(file.toString());
                }
                return super.map(file);
            }
        };
        assertThat(StoreArchive.verify(root, disk).findings())
                .containsExactly(damaged("signals/1/signals.00000001.log", "the file is missing"));
    }
}
