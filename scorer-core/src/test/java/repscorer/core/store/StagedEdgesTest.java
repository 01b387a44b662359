package repscorer.core.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.ann.HnswParameters;
import repscorer.core.disk.Disk;
import repscorer.core.embedding.DenseSpace;
import repscorer.core.embedding.EmbeddingFileWriter;
import repscorer.core.embedding.Space;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.core.failure.ScorerException;
import repscorer.core.store.RepresentationStore.Missing;
import repscorer.vector.Metric;

/** Staged releases at their edges: what is carried and what is not, what a crash leaves, what a disk refuses to note. */
class StagedEdgesTest {

    private static final Space A = StoreFixture.A;
    private static final Space B =
            new DenseSpace("b", "m", EntityKind.USER, 2, Metric.L2, "exact", HnswParameters.DEFAULT, 0.5, false);
    private static final StoreOptions OPTIONS = new StoreOptions(1, 1 << 20, 1, 10, 1_000_000);
    private static final EntityId TWO = EntityId.of(EntityKind.USER, 2);

    @TempDir
    Path directory;

    private RepresentationStore open(Disk disk) {
        return RepresentationStore.open(directory.resolve("store"), List.of(A, B), OPTIONS, disk);
    }

    private void stage(RepresentationStore store, String release, float first, Space... spaces) throws IOException {
        for (Space space : spaces) {
            StoreFixture.stage(store, release, StoreFixture.rows(space, first, 4), directory);
        }
    }

    private static float first(RepresentationStore store, String release, String space) {
        SpaceVersion version =
                store.snapshot(release).orElseThrow().space(space).orElseThrow();
        return version.dense(version.ordinal(TWO).orElseThrow())[0];
    }

    private static List<String> listed(RepresentationStore store) {
        return store.releases().stream()
                .map(each -> each.name() + " " + each.state())
                .toList();
    }

    private static String reason(RepresentationStore store, String release) {
        return store.releases().stream()
                .filter(each -> each.name().equals(release))
                .findFirst()
                .flatMap(Release::rejection)
                .orElse("");
    }

    private static void refused(String code, Runnable call) {
        assertThatThrownBy(call::run)
                .isInstanceOfSatisfying(
                        ScorerException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    @Test
    @DisplayName(
            "a space that is to be carried by its name is read from the live release, once, and must be of its training")
    void whatIsCarriedByNameIsReadOnce() throws IOException {
        try (RepresentationStore store = open(Disk.LOCAL)) {
            stage(store, "r1", 1, A, B);
            store.publish("r1", PublicationListener.NONE);
            stage(store, "r2", 2, A);
            store.prepare("r2", new Missing(false, Set.of("b")), PublicationListener.NONE);
            assertThat(first(store, "r2", "b")).isEqualTo(1);
            assertThat(first(store, "r2", "a")).isEqualTo(2);
            Snapshot joined = store.snapshot("r2").orElseThrow();
            assertThat(store.snapshot("r2").orElseThrow()).isSameAs(joined);
            for (Space space : List.of(A, B)) {
                EmbeddingFileWriter other = StoreFixture.rows(space, 3, 4);
                other.property("training", "another");
                StoreFixture.stage(store, "r3", other, directory);
            }
            store.publish("r3", PublicationListener.NONE);
            refused("training-differs", () -> store.snapshot("r2"));
        }
    }

    @Test
    @DisplayName("why a promotion failed, and that one may leave spaces out, outlive a restart")
    void whatAStagedReleaseSaysOutlivesARestart() throws IOException {
        try (RepresentationStore store = open(Disk.LOCAL)) {
            stage(store, "r1", 1, A, B);
            store.publish("r1", PublicationListener.NONE);
            stage(store, "r2", 2, A);
            store.prepare("r2", Missing.LEFT, PublicationListener.NONE);
            refused(
                    "spaces-missing",
                    () -> store.promote("r2", Optional.of(Missing.REFUSED), PublicationListener.NONE));
        }
        try (RepresentationStore store = open(Disk.LOCAL)) {
            assertThat(reason(store, "r2")).contains("lacks spaces of the live release r1: b");
            store.promote("r2", Optional.empty(), PublicationListener.NONE);
            assertThat(listed(store)).containsExactly("r2 LIVE", "r1 KEPT");
        }
    }

    @Test
    @DisplayName("a staged manifest holds what is to become of the spaces that a release lacks")
    void aStagedManifestHoldsWhatIsMissing() {
        for (Missing missing : List.of(
                Missing.REFUSED,
                Missing.LEFT,
                new Missing(true, Set.of("x", "y", "z")),
                new Missing(false, Set.of("*")))) {
            Manifest manifest = new Manifest(
                            "r", 7, Instant.ofEpochSecond(9), Map.of("a", "0123abcd"), List.of(), Optional.empty())
                    .withStaged(missing);
            assertThat(Manifest.parse(manifest.toBytes()).staged()).contains(missing);
        }
    }

    @Test
    @DisplayName("what a crash left staged of a release that went live does not stand for it")
    void aPublishedReleaseIsNotStaged() throws IOException {
        Path note = directory.resolve("store/staging/r2/staged.manifest");
        byte[] bytes;
        try (RepresentationStore store = open(Disk.LOCAL)) {
            stage(store, "r1", 1, A, B);
            store.publish("r1", PublicationListener.NONE);
            stage(store, "r2", 2, A, B);
            store.prepare("r2", Missing.REFUSED, PublicationListener.NONE);
            bytes = Files.readAllBytes(note);
            store.promote("r2", Optional.empty(), PublicationListener.NONE);
        }
        Files.createDirectories(note.getParent());
        Files.write(note, bytes);
        try (RepresentationStore store = open(Disk.LOCAL)) {
            assertThat(listed(store)).containsExactly("r2 LIVE", "r1 KEPT");
        }
    }

    @Test
    @DisplayName("a file that is staged anew takes the note of what was built with it from the disk")
    void aNewFileTakesTheNoteAway() throws IOException {
        Path note = directory.resolve("store/staging/r2/staged.manifest");
        try (RepresentationStore store = open(Disk.LOCAL)) {
            stage(store, "r1", 1, A, B);
            store.publish("r1", PublicationListener.NONE);
            stage(store, "r2", 2, A, B);
            store.prepare("r2", Missing.REFUSED, PublicationListener.NONE);
            assertThat(note).exists();
            stage(store, "r2", 3, A);
            assertThat(note).doesNotExist();
            refused("release-not-staged", () -> store.promote("r2", Optional.empty(), PublicationListener.NONE));
            stage(store, "bad", 2, B);
            refused("required-space-missing", () -> store.publish("bad", PublicationListener.NONE));
            refused("release-not-staged", () -> store.promote("bad", Optional.empty(), PublicationListener.NONE));
        }
    }

    @Test
    @DisplayName(
            "where why a release is rejected cannot be written, the caller is told why, and the list until a restart")
    void aReasonThatCannotBeWrittenIsListed() throws IOException {
        NotingDisk disk = new NotingDisk(directory);
        try (RepresentationStore store = open(disk)) {
            stage(store, "r1", 1, A, B);
            store.publish("r1", PublicationListener.NONE);
            stage(store, "bad", 2, B);
            disk.failOnceAt("move store/releases/bad/release.manifest.tmp");
            refused("required-space-missing", () -> store.publish("bad", PublicationListener.NONE));
            assertThat(listed(store)).containsExactly("bad REJECTED", "r1 LIVE");
            assertThat(reason(store, "bad")).contains("a is missing");
        }
        try (RepresentationStore store = open(Disk.LOCAL)) {
            assertThat(listed(store)).containsExactly("r1 LIVE");
            assertThat(store.staged()).as("to be mended").hasSize(1);
        }
    }

    @Test
    @DisplayName("a preparation that a disk takes ends what it refused before, and a deleted release leaves no bytes")
    void aDiskThatTakesIsWellAgain() throws IOException {
        NotingDisk disk = new NotingDisk(directory);
        try (RepresentationStore store = open(disk)) {
            stage(store, "r1", 1, A, B);
            store.publish("r1", PublicationListener.NONE);
            stage(store, "r2", 2, A, B);
            disk.failAt("write store/releases/r1/a.");
            refused("storage-failed", () -> store.apply("r1", "a", "", List.of(StoreFixture.upsert(9, 9, 9))));
            disk.mend();
            assertThat(store.readOnly()).isPresent();
            store.prepare("r2", Missing.REFUSED, PublicationListener.NONE);
            assertThat(store.readOnly()).isEmpty();
            store.promote("r2", Optional.empty(), PublicationListener.NONE);
            store.delete("r1");
            try (Stream<Path> left = Files.walk(directory.resolve("store"))) {
                assertThat(left.map(Path::toString))
                        .noneMatch(path -> path.contains("taken-") || path.contains("releases/r1"));
            }
        }
    }
}
