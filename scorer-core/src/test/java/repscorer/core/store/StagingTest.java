package repscorer.core.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.core.embedding.EmbeddingFile;
import repscorer.core.failure.ScorerException.Conflict;
import repscorer.core.failure.ScorerException.Invalid;
import repscorer.core.failure.ScorerException.NotFound;
import repscorer.core.failure.ScorerException.Storage;

/** What waits to be published: how much of it there may be, how it is listed, and how it goes. */
class StagingTest {

    @TempDir
    Path directory;

    private NotingDisk disk;
    private Path written;
    private byte[] file;

    @BeforeEach
    void begin() throws IOException {
        disk = new NotingDisk(directory);
        written = StoreFixture.rows(StoreFixture.A, 1, 4).writeTo(directory);
        file = Files.readAllBytes(written);
    }

    private RepresentationStore open(long bytesMax) {
        return RepresentationStore.open(
                directory.resolve("store"), StoreFixture.SPACES, new StoreOptions(1, bytesMax, 1, 10), disk);
    }

    private void stage(RepresentationStore store, String release) {
        store.stage(release, "a", new ByteArrayInputStream(file));
    }

    @Test
    @DisplayName("a file may have as many bytes as the options say and not one more, in however many reads it comes")
    void aFileHasAsManyBytesAsTheOptionsSay() throws IOException {
        try (RepresentationStore store = open(file.length)) {
            InputStream drop = new ByteArrayInputStream(file) {
                @Override
                public synchronized int read(byte[] into, int at, int length) {
                    return super.read(into, at, Math.min(7, length));
                }
            };
            String version = store.stage("r1", "a", drop);
            assertThat(version)
                    .isEqualTo(EmbeddingFile.open(written, disk.map(written)).checksum());
            assertThat(store.staged()).containsExactly(staged("r1", Map.of("a", (long) file.length)));
        }
        try (RepresentationStore store = open(file.length - 1)) {
            assertThatThrownBy(() -> stage(store, "r2"))
                    .isInstanceOf(Invalid.class)
                    .hasMessage("a staged file has at most %s bytes: a.emb has more", file.length - 1);
        }
    }

    @Test
    @DisplayName("a file that is made here has its version, as one that comes")
    void aFileThatIsMadeHereHasItsVersion() throws IOException {
        try (RepresentationStore store = open(file.length)) {
            String version = store.stage("r1", "a", into -> Files.write(into.resolve("a.emb"), file));
            assertThat(version)
                    .isEqualTo(EmbeddingFile.open(written, disk.map(written)).checksum());
        }
    }

    private static Release.Staged staged(String release, Map<String, Long> bytes) {
        return new Release.Staged(release, new TreeMap<>(bytes));
    }

    @Test
    @DisplayName("a hundred releases are staged at once, and any of them takes more files then")
    void aHundredReleasesAreStagedAtOnce() throws IOException {
        try (RepresentationStore store = open(1 << 20)) {
            for (int i = 1; i < Staging.RELEASES_MAX; i++) {
                Files.createDirectory(directory.resolve("store/staging/r" + i));
            }
            stage(store, "last");
            assertThatThrownBy(() -> stage(store, "more"))
                    .isInstanceOf(Conflict.class)
                    .hasMessage("at most 100 releases are staged at once; publish or discard one of them: more");
            stage(store, "last");
            store.discardStaged("r7");
            stage(store, "more");
            assertThat(store.staged()).hasSize(Staging.RELEASES_MAX);
        }
    }

    @Test
    @DisplayName("what is staged is listed by name, and what is no release's or no space's is left out")
    void whatIsStagedIsListed() throws IOException {
        try (RepresentationStore store = open(1 << 20)) {
            assertThat(store.staged()).isEmpty();
            stage(store, "r2");
            stage(store, "r1");
            Files.writeString(directory.resolve("store/staging/r1/notes.txt"), "no space's");
            Files.createDirectory(directory.resolve("store/staging/.trash"));
            assertThat(store.staged())
                    .containsExactly(staged("r1", Map.of("a", (long) file.length)), staged("r2", Map.of("a", (long)
                            file.length)));
            disk.deleteTree(directory.resolve("store/staging"));
            assertThat(store.staged()).isEmpty();
        }
    }

    @Test
    @DisplayName("what cannot be listed, staged or discarded is a failure of the disk that says what failed")
    void aFailureSaysWhatFailed() throws IOException {
        try (RepresentationStore store = open(1 << 20)) {
            stage(store, "r1");
            disk.failOnceAt("move store/staging/r1");
            assertThatThrownBy(() -> store.discardStaged("r1"))
                    .isInstanceOf(Storage.class)
                    .hasMessageStartingWith("what is staged for release r1 cannot be removed");
            disk.failOnceAt("write store/incoming");
            assertThatThrownBy(() -> stage(store, "r1"))
                    .isInstanceOf(Storage.class)
                    .hasMessageStartingWith("staging a of release r1 failed");
            disk.deleteTree(directory.resolve("store/incoming"));
            store.discardStaged("r1");
            assertThat(store.staged()).isEmpty();
            Files.writeString(directory.resolve("store/staging/r9"), "a file where a directory belongs");
            assertThatThrownBy(store::staged)
                    .isInstanceOf(Storage.class)
                    .hasMessageStartingWith("what is staged cannot be listed");
        }
    }

    @Test
    @DisplayName("only what is staged and not being published is discarded, under a name that is one")
    void onlyWhatWaitsIsDiscarded() {
        try (RepresentationStore store = open(1 << 20)) {
            assertThatThrownBy(() -> store.discardStaged("../releases")).isInstanceOf(Invalid.class);
            assertThatThrownBy(() -> store.discardStaged("r1"))
                    .isInstanceOf(NotFound.class)
                    .hasMessage("nothing is staged for release r1");
            stage(store, "r1");
            store.stage(
                    "r1",
                    "b",
                    directory -> StoreFixture.rows(StoreFixture.B, 1, 4).writeTo(directory));
            stage(store, "r2");
            AtomicInteger refused = new AtomicInteger();
            store.publish("r1", (step, done, total) -> {
                if (step.equals("index a") && done == 0) {
                    assertThatThrownBy(() -> store.discardStaged("r1"))
                            .isInstanceOf(Conflict.class)
                            .hasMessage("release r1 is being published; it stays");
                    store.discardStaged("r2");
                    refused.incrementAndGet();
                }
            });
            assertThat(refused).hasValue(1);
            stage(store, "r1"); // the publication is over
            store.discardStaged("r1");
            assertThat(store.staged()).isEmpty();
        }
    }

    @Test
    @DisplayName("a maker's failure comes through, and what it wrote is gone")
    void whatAMakerWroteIsGoneWhereItFails() {
        try (RepresentationStore store = open(1 << 20)) {
            assertThatThrownBy(() -> store.stage("r1", "a", into -> {
                        Files.write(into.resolve("half"), file);
                        throw new IllegalStateException("no rows");
                    }))
                    .hasMessage("no rows");
            assertThat(directory.resolve("store/incoming")).isEmptyDirectory();
            assertThat(store.staged()).isEmpty();
        }
    }
}
