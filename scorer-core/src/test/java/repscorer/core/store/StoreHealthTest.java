package repscorer.core.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.core.failure.Finding;
import repscorer.core.failure.ScorerException.Storage;

/** What a store says about itself. */
class StoreHealthTest {

    @TempDir
    Path directory;

    @Test
    @DisplayName("a finding names its file from the store's directory on")
    void aFindingNamesItsFile() {
        StoreHealth health = new StoreHealth(new NotingDisk(directory), new Layout(directory));
        health.found(Finding.Kind.DAMAGED, directory.resolve("releases/r1"), "it is damaged");
        Finding torn = new Finding(Finding.Kind.TORN, "signals/1", "it is torn");
        health.found(torn);
        assertThat(health.findings())
                .containsExactly(new Finding(Finding.Kind.DAMAGED, "releases/r1", "it is damaged"), torn);
    }

    @Test
    @DisplayName("why a compaction failed is told by space until one goes well, where nothing was said by its kind")
    void whyACompactionFailedIsTold() {
        StoreHealth health = new StoreHealth(new NotingDisk(directory), new Layout(directory));
        health.notCompacted("a", new IllegalStateException("no room"));
        health.notCompacted("b", new NullPointerException());
        assertThat(health.uncompacted()).containsOnlyKeys("a", "b").containsEntry("a", "no room");
        assertThat(health.uncompacted().get("b")).isEqualTo("java.lang.NullPointerException");
        health.compacted("a");
        assertThat(health.uncompacted()).containsOnlyKeys("b");
    }

    @Test
    @DisplayName("what cannot be discarded stays, and is no failure")
    void whatCannotBeDiscardedStays() throws IOException {
        NotingDisk disk = new NotingDisk(directory);
        StoreHealth health = new StoreHealth(disk, new Layout(directory));
        Path file = Files.writeString(directory.resolve("left"), "");
        disk.failOnceAt("delete left");
        assertThatCode(() -> health.discard(file)).doesNotThrowAnyException();
        assertThat(file).exists();
        health.discard(file);
        assertThat(file).doesNotExist();
    }

    @Test
    @DisplayName("a store is read-only from the first change that the disk refuses to the next that it takes")
    void aStoreIsReadOnlyWhileTheDiskRefuses() throws IOException {
        NotingDisk disk = new NotingDisk(directory);
        try (RepresentationStore store =
                RepresentationStore.open(directory.resolve("store"), StoreFixture.SPACES, StoreFixture.OPTIONS, disk)) {
            StoreFixture.publish(store, "r1", 1, directory);
            assertThat(store.readOnly()).isEmpty();
            refuse(disk, store, "r1");
            assertThat(store.readOnly()).get().asString().contains("changes to a were not taken");
            store.apply("r1", "a", "", List.of(StoreFixture.upsert(9, 9, 9)));
            assertThat(store.readOnly()).isEmpty();
            refuse(disk, store, "r1");
            StoreFixture.publish(store, "r2", 1, directory);
            assertThat(store.readOnly()).as("a publication was taken").isEmpty();
        }
    }

    private static void refuse(NotingDisk disk, RepresentationStore store, String release) {
        disk.failAt("write store/releases/" + release + "/a.");
        assertThatThrownBy(() -> store.apply(release, "a", "", List.of(StoreFixture.upsert(9, 9, 9))))
                .isInstanceOf(Storage.class);
        disk.mend();
    }
}
