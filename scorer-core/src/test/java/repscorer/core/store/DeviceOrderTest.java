package repscorer.core.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.ann.HnswParameters;
import repscorer.ann.exact.ExactIndex;
import repscorer.core.disk.Disk;
import repscorer.core.embedding.DenseSpace;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.core.failure.ScorerException.Rejected;
import repscorer.core.failure.ScorerException.Storage;
import repscorer.core.signal.Signal;
import repscorer.core.signal.SignalLimits;
import repscorer.core.signal.SignalPush;
import repscorer.core.signal.SignalStore;
import repscorer.core.signal.SignalType;
import repscorer.core.store.RepresentationStore.Missing;
import repscorer.vector.DenseRows;
import repscorer.vector.Metric;

/** In which order each verb puts things on the device: what a loss of power leaves behind follows from it. */
class DeviceOrderTest {

    private static final DenseSpace B =
            new DenseSpace("b", "m", EntityKind.USER, 2, Metric.L2, "exact", HnswParameters.DEFAULT, 0.5, false);

    @TempDir
    Path directory;

    private NotingDisk disk;

    @BeforeEach
    void begin() {
        disk = new NotingDisk(directory);
    }

    private RepresentationStore open() {
        return RepresentationStore.open(
                directory.resolve("store"), List.of(StoreFixture.A, B), StoreFixture.OPTIONS, disk);
    }

    private void stage(RepresentationStore store, String release, float first) throws IOException {
        StoreFixture.stage(store, release, StoreFixture.rows(StoreFixture.A, first, 4), directory);
    }

    private Release publish(RepresentationStore store, String release, float first) throws IOException {
        stage(store, release, first);
        disk.noted();
        return store.publish(release, PublicationListener.NONE);
    }

    @Test
    @DisplayName("S4: a start makes durable what the last process did to names, and the store's own name")
    void aStart() throws IOException {
        try (RepresentationStore store = open()) {
            assertThat(disk.noted())
                    .containsExactly("sync store/releases", "sync store/staging", "sync store", "sync ");
            publish(store, "r1", 1);
            publish(store, "r2", 2);
        }
        Files.delete(directory.resolve("store/releases/r2/release.manifest"));
        Files.writeString(directory.resolve("store/incoming/left"), "by a process that was killed");
        disk.noted();
        open().close();
        assertThat(disk.noted())
                .as("no half of what was taken away comes back, nor a manifest that was removed")
                .containsExactly(
                        "sync store/releases",
                        "sync store/staging",
                        "delete store/incoming/left",
                        "delete store/incoming",
                        "sync store",
                        "sync ",
                        "sync store/releases/r1",
                        "sync store/releases/r2",
                        "delete store/releases/r2/a.emb",
                        "delete store/releases/r2");
    }

    @Test
    @DisplayName("S4: a file is on the device before it is staged, and its names before that is told")
    void staging() throws IOException {
        try (RepresentationStore store = open()) {
            disk.noted();
            stage(store, "r1", 1);
            assertThat(disk.noted())
                    .containsExactly(
                            "write store/incoming/1/a.emb",
                            "move store/incoming/1/a.emb to store/staging/r1/a.emb",
                            "sync store/staging/r1",
                            "sync store/staging",
                            "delete store/incoming/1");
            store.discardStaged("r1");
            assertThat(disk.noted())
                    .as("all of it goes or nothing")
                    .containsExactly(
                            "move store/staging/r1 to store/incoming/2",
                            "sync store/staging",
                            "delete store/incoming/2/a.emb",
                            "delete store/incoming/2");
        }
    }

    @Test
    @DisplayName(
            "S4: a release's files, its manifest and LIVE are each on the device before the next, and old ones go last")
    void aPublication() throws IOException {
        try (RepresentationStore store = open()) {
            publish(store, "r1", 1);
            publish(store, "r2", 2);
            publish(store, "r3", 3);
            assertThat(disk.noted())
                    .containsExactly(
                            "move store/staging/r3 to store/releases/r3",
                            "sync store/releases",
                            "write store/releases/r3/release.manifest.tmp",
                            "move store/releases/r3/release.manifest.tmp to store/releases/r3/release.manifest",
                            "sync store/releases/r3",
                            "write store/LIVE.tmp",
                            "move store/LIVE.tmp to store/LIVE",
                            "sync store",
                            "move store/releases/r1 to store/incoming/taken-1",
                            "sync store/releases",
                            "delete store/incoming/taken-1/a.emb",
                            "delete store/incoming/taken-1/release.manifest",
                            "delete store/incoming/taken-1");
        }
    }

    @Test
    @DisplayName("S4: a publication that fails is no release any more before its files are staged again")
    void aPublicationTakenBack() throws IOException {
        try (RepresentationStore store = open()) {
            disk.failOnceAt("move store/LIVE.tmp");
            assertThatThrownBy(() -> publish(store, "r0", 1)).isInstanceOf(Storage.class);
            assertThat(disk.noted())
                    .endsWith(
                            "delete store/releases/r0/release.manifest",
                            "sync store/releases/r0",
                            "move store/releases/r0 to store/staging/r0");
        }
    }

    @Test
    @DisplayName("S4: that a release was rejected is on the device before its files go")
    void aRejection() throws IOException {
        try (RepresentationStore store = RepresentationStore.open(
                directory.resolve("store"),
                List.of(StoreFixture.A, B),
                StoreFixture.OPTIONS,
                Clock.systemUTC(),
                disk,
                (space, file, before, progress) -> {
                    float[][] fewer = {file.denseRows().row(0)};
                    return new ExactIndex(DenseRows.copyOf(fewer), space.metric());
                })) {
            assertThatThrownBy(() -> publish(store, "r1", 1)).isInstanceOf(Rejected.class);
            assertThat(disk.noted())
                    .containsExactly(
                            "write store/releases/r1/release.manifest.tmp",
                            "move store/releases/r1/release.manifest.tmp to store/releases/r1/release.manifest",
                            "sync store/releases/r1",
                            "sync store/releases",
                            "move store/staging/r1 to store/incoming/taken-1",
                            "sync store/staging",
                            "delete store/incoming/taken-1/a.emb",
                            "delete store/incoming/taken-1");
        }
    }

    @Test
    @DisplayName(
            "S4: what a release carries over is on the device before the release is, or gone before it is tried again")
    void aCarriedSpace() throws IOException {
        Missing carried = new Missing(false, Set.of("b"));
        List<String> steps = List.of(
                "write store/staging/r2/b.1.emb.tmp",
                "sync store/staging/r2",
                "write store/staging/r2/b.00000001.log.tmp",
                "sync store/staging/r2",
                "move store/staging/r2 to store/releases/r2",
                "sync store/releases");
        try (RepresentationStore store = open()) {
            StoreFixture.stage(store, "r1", StoreFixture.rows(B, 1, 4), directory);
            publish(store, "r1", 1);
            store.apply("r1", "b", "", List.of(StoreFixture.upsert(9, 9, 9)));
            stage(store, "r2", 2);
            disk.noted();
            disk.failOnceAt("move store/LIVE.tmp");
            assertThatThrownBy(() -> store.publish("r2", carried, PublicationListener.NONE))
                    .isInstanceOf(Storage.class);
            assertThat(disk.noted()).containsSubsequence(steps);
            store.publish("r2", carried, PublicationListener.NONE);
            List<String> again = disk.noted();
            assertThat(again)
                    .startsWith(
                            "delete store/staging/r2/b.00000001.log",
                            "delete store/staging/r2/b.1.emb",
                            "sync store/staging/r2");
            assertThat(again.subList(3, again.size())).containsSubsequence(steps);
            store.apply("r2", "b", "", List.of(StoreFixture.upsert(8, 8, 8)));
            assertThat(disk.noted())
                    .as("the log goes on where the release is")
                    .startsWith("write store/releases/r2/b.00000002.log.tmp");
        }
    }

    @Test
    @DisplayName("S4: a compacted base is on the device before the manifest names it, and the one before goes last")
    void aCompaction() throws IOException {
        try (RepresentationStore store = open()) {
            publish(store, "r1", 1);
            store.apply("r1", "a", "", List.of(StoreFixture.upsert(9, 9, 9)));
            disk.noted();
            store.compact("a", PublicationListener.NONE);
            assertThat(disk.noted())
                    .containsExactly(
                            "write store/releases/r1/a.1.emb.tmp",
                            "move store/releases/r1/a.1.emb.tmp to store/releases/r1/a.1.emb",
                            "sync store/releases/r1",
                            "write store/releases/r1/release.manifest.tmp",
                            "move store/releases/r1/release.manifest.tmp to store/releases/r1/release.manifest",
                            "sync store/releases/r1",
                            "delete store/releases/r1/a.00000001.log",
                            "delete store/releases/r1/a.emb");
        }
    }

    @Test
    @DisplayName("S3: a copy has its name when all of it is on the device")
    void aCopy() throws IOException {
        open().close();
        disk.noted();
        StoreArchive.copy(directory.resolve("store"), directory.resolve("of-nothing"), disk);
        assertThat(disk.noted())
                .containsExactly(
                        "sync of-nothing.partial/releases",
                        "sync of-nothing.partial",
                        "move of-nothing.partial to of-nothing",
                        "sync ");
        try (RepresentationStore store = open()) {
            publish(store, "r1", 1);
            store.apply("r1", "a", "", List.of(StoreFixture.upsert(9, 9, 9)));
        }
        try (SignalStore signals = SignalStore.open(
                Disk.LOCAL,
                directory.resolve("store/signals"),
                directory.resolve("signals.tsv"),
                List.of(new SignalType("block", EntityKind.USER, 10, Duration.ofDays(30))),
                SignalLimits.ofUsers(10),
                InstantSource.system())) {
            EntityId user = EntityId.of(EntityKind.USER, 1);
            signals.push(List.of(new SignalPush(user, new Signal("block", user, System.currentTimeMillis()), false)));
        }
        disk.noted();
        StoreArchive.copy(directory.resolve("store"), directory.resolve("copy"), disk);
        assertThat(disk.noted())
                .containsExactly(
                        "write copy.partial/releases/r1/a.emb",
                        "write copy.partial/releases/r1/a.00000001.log",
                        "write copy.partial/releases/r1/release.manifest.tmp",
                        "move copy.partial/releases/r1/release.manifest.tmp to copy.partial/releases/r1/release.manifest",
                        "sync copy.partial/releases/r1",
                        "write copy.partial/signals/1/signals.00000001.log",
                        "sync copy.partial/signals/1",
                        "sync copy.partial/signals",
                        "write copy.partial/LIVE.tmp",
                        "move copy.partial/LIVE.tmp to copy.partial/LIVE",
                        "sync copy.partial",
                        "sync copy.partial/releases",
                        "sync copy.partial",
                        "move copy.partial to copy",
                        "sync ");
    }
}
