package repscorer.core.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.core.disk.UncertainWriteException;
import repscorer.core.failure.ScorerException.NotFound;

/** The file that names the live release, and roll-backs, which change it alone. */
class LivePointerTest {

    @TempDir
    Path directory;

    private NotingDisk disk;
    private LivePointer pointer;

    @BeforeEach
    void begin() {
        disk = new NotingDisk(directory);
        pointer = new LivePointer(disk, new Layout(directory));
    }

    @Test
    @DisplayName(
            "where another release cannot be named the one before is named again, and where that fails nobody knows")
    void whereAnotherCannotBeNamed() throws IOException {
        assertThat(pointer.read()).isEmpty();
        pointer.pointTo("r1");
        assertThat(pointer.doubtful()).isFalse();
        disk.failOnceAt("sync");
        assertThatThrownBy(() -> pointer.exchange("r1", "r2"))
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(UncertainWriteException.class);
        assertThat(pointer.read()).contains("r1");
        assertThat(pointer.doubtful()).isFalse();
        disk.failAt("write");
        assertThatThrownBy(() -> pointer.exchange("r1", "r2"))
                .isInstanceOf(UncertainWriteException.class)
                .hasMessageEndingWith("whether release r1 or r2 is live after a restart is not known");
        assertThat(pointer.doubtful()).isTrue();
        disk.mend();
        pointer.exchange("r1", "r2");
        assertThat(pointer.read()).contains("r2");
        assertThat(pointer.doubtful()).isFalse();
    }

    @Test
    @DisplayName("what was live before is named again, or durably nothing")
    void whatWasLiveBeforeIsNamedAgain() throws IOException {
        pointer.restore(Snapshot.EMPTY);
        assertThat(disk.noted()).as("there is nothing to take back").isEmpty();
        disk.failOnceAt("sync");
        assertThatThrownBy(() -> pointer.pointTo("r1")).isInstanceOf(IOException.class);
        disk.noted();
        pointer.restore(Snapshot.EMPTY);
        assertThat(disk.noted()).containsExactly("delete LIVE", "sync ");
        assertThat(pointer.read()).isEmpty();
        assertThat(pointer.doubtful()).isFalse();
    }

    @Test
    @DisplayName("a release that was live before a publication that failed is named again")
    void aReleaseThatWasLiveIsNamedAgain() throws IOException {
        try (RepresentationStore store =
                RepresentationStore.open(directory.resolve("store"), StoreFixture.SPACES, StoreFixture.OPTIONS, disk)) {
            StoreFixture.publish(store, "r1", 1, directory);
            LivePointer other = new LivePointer(disk, new Layout(directory.resolve("store")));
            other.pointTo("r2");
            other.restore(store.current());
            assertThat(other.read()).contains("r1");
        }
    }

    @Test
    @DisplayName("a roll-back to the live release writes nothing, unless nobody knows what is named")
    void aRollBackToTheLiveRelease() throws IOException {
        try (RepresentationStore store =
                RepresentationStore.open(directory.resolve("store"), StoreFixture.SPACES, StoreFixture.OPTIONS, disk)) {
            StoreFixture.publish(store, "r1", 1, directory);
            StoreFixture.publish(store, "r2", 2, directory);
            disk.noted();
            assertThat(store.rollBack("r2").name()).isEqualTo("r2");
            assertThat(disk.noted()).isEmpty();
            disk.failAt("write store/LIVE");
            assertThatThrownBy(() -> store.rollBack("r1"))
                    .hasMessageContaining("whether release r2 or r1 is live after a restart is not known");
            disk.mend();
            disk.noted();
            assertThat(store.rollBack("r2").state()).isEqualTo(Release.State.LIVE);
            assertThat(disk.noted())
                    .containsExactly("write store/LIVE.tmp", "move store/LIVE.tmp to store/LIVE", "sync store");
            assertThatThrownBy(() -> store.rollBack("r3")).isInstanceOf(NotFound.class);
            assertThat(store.current().release()).isEqualTo("r2");
        }
    }
}
