package repscorer.core.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import repscorer.core.embedding.EmbeddingFileWriter;
import repscorer.core.embedding.Space;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.core.failure.ScorerException;
import repscorer.core.failure.ScorerException.Conflict;
import repscorer.core.failure.ScorerException.NotFound;
import repscorer.core.failure.ScorerException.Rejected;
import repscorer.core.store.Release.State;
import repscorer.core.store.RepresentationStore.Missing;
import repscorer.vector.Metric;

/** Releases that are built and looked at before they are live, and what becomes of those that were. */
@Timeout(60)
class StagedReleasesTest {

    private static final Space A = StoreFixture.A;
    private static final Space B = new repscorer.core.embedding.DenseSpace(
            "b", "m", EntityKind.USER, 2, Metric.L2, "exact", repscorer.ann.HnswParameters.DEFAULT, 0.5, false);
    private static final StoreOptions OPTIONS = new StoreOptions(1, 1 << 20, 1, 10, 1_000_000);
    private static final EntityId TWO = EntityId.of(EntityKind.USER, 2);

    @TempDir
    Path directory;

    private RepresentationStore open() {
        return RepresentationStore.open(directory.resolve("store"), List.of(A, B), OPTIONS);
    }

    private void stage(RepresentationStore store, String release, float first, Space... spaces) throws IOException {
        for (Space space : spaces) {
            StoreFixture.stage(store, release, StoreFixture.rows(space, first, 4), directory);
        }
    }

    private void publish(RepresentationStore store, String release, float first) throws IOException {
        stage(store, release, first, A, B);
        store.publish(release, PublicationListener.NONE);
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
    @DisplayName("a prepared release answers who names it, over a restart too, and goes live when it is promoted")
    void aPreparedReleaseAnswersWhoNamesIt() throws IOException {
        try (RepresentationStore store = open()) {
            publish(store, "r1", 1);
            stage(store, "r2", 2, A, B);
            Release prepared = store.prepare("r2", Missing.REFUSED, PublicationListener.NONE);
            assertThat(prepared.state()).isEqualTo(State.STAGED);
            assertThat(store.current().release()).isEqualTo("r1");
            assertThat(first(store, "r2", "a")).isEqualTo(2);
            assertThat(listed(store)).containsExactly("r2 STAGED", "r1 LIVE");
        }
        try (RepresentationStore store = open()) {
            assertThat(store.current().release()).isEqualTo("r1");
            assertThat(listed(store)).containsExactly("r2 STAGED", "r1 LIVE");
            assertThat(first(store, "r2", "b")).isEqualTo(2);
            refused("release-not-kept", () -> store.rollBack("r2"));
            refused("release-not-kept", () -> store.pin("r2", true));
            assertThat(store.promote("r2", Optional.empty(), PublicationListener.NONE)
                            .state())
                    .isEqualTo(State.LIVE);
            assertThat(store.staged()).isEmpty();
            assertThat(directory.resolve("store/releases/r2/staged.manifest")).doesNotExist();
            assertThat(store.promote("r2", Optional.empty(), PublicationListener.NONE)
                            .state())
                    .as("a lost answer may be asked for again")
                    .isEqualTo(State.LIVE);
            refused("release-not-staged", () -> store.promote("r9", Optional.empty(), PublicationListener.NONE));
        }
        try (RepresentationStore store = open()) {
            assertThat(listed(store)).containsExactly("r2 LIVE", "r1 KEPT");
        }
    }

    @Test
    @DisplayName(
            "what a prepared release carries over is read from the live one as it is, and carried when it is promoted")
    void whatItCarriesIsReadFromTheLiveOne() throws IOException {
        try (RepresentationStore store = open()) {
            publish(store, "r1", 1);
            stage(store, "r2", 2, A);
            refused("spaces-missing", () -> store.prepare("r2", Missing.REFUSED, PublicationListener.NONE));
            assertThat(reason(store, "r2")).contains("lacks spaces of the live release r1: b");
            store.prepare("r2", new Missing(false, Set.of(Missing.ALL)), PublicationListener.NONE);
            assertThat(first(store, "r2", "b")).isEqualTo(1);
            store.apply("r1", "b", "", List.of(StoreFixture.upsert(2, 7, 7)));
            assertThat(first(store, "r2", "b")).as("streamed since").isEqualTo(7);
            assertThat(first(store, "r2", "a")).isEqualTo(2);
        }
        try (RepresentationStore store = open()) {
            assertThat(first(store, "r2", "b")).isEqualTo(7);
            refused(
                    "spaces-missing",
                    () -> store.promote("r2", Optional.of(Missing.REFUSED), PublicationListener.NONE));
            assertThat(listed(store)).as("it may still be looked at").containsExactly("r2 STAGED", "r1 LIVE");
            assertThat(reason(store, "r2")).contains("lacks spaces of the live release r1: b");
            Release live = store.promote("r2", Optional.empty(), PublicationListener.NONE);
            assertThat(live.carried()).containsEntry("b", "r1");
            assertThat(live.rejection()).isEmpty();
            assertThat(first(store, "r2", "b")).isEqualTo(7);
        }
    }

    @Test
    @DisplayName("a promotion is held against what is live by then")
    void aPromotionIsHeldAgainstWhatIsLiveByThen() throws IOException {
        try (RepresentationStore store = open()) {
            stage(store, "r1", 1, A);
            store.publish("r1", PublicationListener.NONE);
            stage(store, "r2", 2, A);
            store.prepare("r2", Missing.REFUSED, PublicationListener.NONE);
            publish(store, "r3", 3);
            refused("spaces-missing", () -> store.promote("r2", Optional.empty(), PublicationListener.NONE));
            assertThat(store.current().release()).isEqualTo("r3");
            assertThat(store.promote("r2", Optional.of(Missing.LEFT), PublicationListener.NONE)
                            .state())
                    .isEqualTo(State.LIVE);
        }
    }

    @Test
    @DisplayName("a file that is staged anew, and a discard, end what was prepared; nothing of it is left")
    void anotherFileEndsWhatWasPrepared() throws IOException {
        try (RepresentationStore store = open()) {
            publish(store, "r1", 1);
            stage(store, "r2", 2, A, B);
            store.prepare("r2", Missing.REFUSED, PublicationListener.NONE);
            stage(store, "r2", 3, A);
            assertThat(store.snapshot("r2")).isEmpty();
            assertThat(listed(store)).containsExactly("r1 LIVE");
            refused("release-not-staged", () -> store.promote("r2", Optional.empty(), PublicationListener.NONE));
            store.prepare("r2", Missing.REFUSED, PublicationListener.NONE);
            assertThat(first(store, "r2", "a")).isEqualTo(3);
            store.delete("r2");
            assertThat(store.snapshot("r2")).isEmpty();
            assertThat(store.staged()).isEmpty();
            stage(store, "r3", 3, A, B);
            store.prepare("r3", Missing.REFUSED, PublicationListener.NONE);
            store.discardStaged("r3");
            assertThat(listed(store)).containsExactly("r1 LIVE");
        }
        try (RepresentationStore store = open()) {
            assertThat(listed(store)).containsExactly("r1 LIVE");
        }
    }

    @Test
    @DisplayName("ten releases are built and wait at once, and a damaged note of one is a finding")
    void tenWaitAtOnce() throws IOException {
        try (RepresentationStore store = open()) {
            publish(store, "live", 1);
            for (int i = 0; i < 10; i++) {
                stage(store, "s" + i, 2, A, B);
                store.prepare("s" + i, Missing.REFUSED, PublicationListener.NONE);
            }
            store.prepare("s3", Missing.REFUSED, PublicationListener.NONE);
            stage(store, "s10", 2, A, B);
            refused("too-many-staged", () -> store.prepare("s10", Missing.REFUSED, PublicationListener.NONE));
            assertThat(store.publish("s10", PublicationListener.NONE).state()).isEqualTo(State.LIVE);
        }
        Files.writeString(directory.resolve("store/staging/s4/staged.manifest"), "torn");
        try (RepresentationStore store = open()) {
            assertThat(store.findings())
                    .hasSize(1)
                    .allSatisfy(each -> assertThat(each.toString()).contains("s4 is staged and has to be built again"));
            assertThat(store.staged()).hasSize(10);
            assertThat(store.snapshot("s4")).isEmpty();
            assertThat(store.snapshot("s5")).isPresent();
        }
    }

    @Test
    @DisplayName("whatever a publication fails of, the release is listed as rejected with the reason, and stays so")
    void whateverFailsIsListed() throws IOException {
        try (RepresentationStore store = open()) {
            publish(store, "r1", 1);
            stage(store, "lacks-a", 2, B);
            refused("required-space-missing", () -> store.publish("lacks-a", PublicationListener.NONE));
            stage(store, "lacks-b", 2, A);
            refused("spaces-missing", () -> store.publish("lacks-b", PublicationListener.NONE));
            stage(store, "carries", 2, A, B);
            refused(
                    "nothing-to-carry",
                    () -> store.publish("carries", new Missing(false, Set.of("b")), PublicationListener.NONE));
            stage(store, "trained", 2, A);
            EmbeddingFileWriter other = StoreFixture.rows(B, 1, 4);
            other.property("training", "another");
            StoreFixture.stage(store, "trained", other, directory);
            refused("training-differs", () -> store.publish("trained", PublicationListener.NONE));
            stage(store, "damaged", 2, A, B);
            Files.writeString(directory.resolve("store/staging/damaged/b.emb"), "not any more");
            assertThatThrownBy(() -> store.publish("damaged", PublicationListener.NONE))
                    .isInstanceOf(Rejected.class);
            assertThat(listed(store))
                    .containsExactly(
                            "damaged REJECTED",
                            "trained REJECTED",
                            "carries REJECTED",
                            "lacks-b REJECTED",
                            "lacks-a REJECTED",
                            "r1 LIVE");
            assertThat(store.staged()).as("what can be mended stays").hasSize(5);
            refused("release-exists", () -> {
                try {
                    publish(store, "r1", 5);
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
        }
        try (RepresentationStore store = open()) {
            assertThat(listed(store)).hasSize(6).endsWith("r1 LIVE");
            assertThat(reason(store, "lacks-a")).contains("a is missing");
            assertThat(reason(store, "trained")).contains("files of a model are of one training");
            stage(store, "lacks-b", 2, B);
            assertThat(store.publish("lacks-b", PublicationListener.NONE).state())
                    .isEqualTo(State.LIVE);
            store.delete("trained");
            assertThat(listed(store)).doesNotContain("trained REJECTED");
        }
    }

    @Test
    @DisplayName("a pinned release is never retired, over restarts too; unpinned it goes with the next publication")
    void aPinnedReleaseStays() throws IOException {
        try (RepresentationStore store = open()) {
            publish(store, "r1", 1);
            assertThat(store.pin("r1", true).pinned()).isTrue();
            publish(store, "r2", 2);
            publish(store, "r3", 3);
            publish(store, "r4", 4);
            assertThat(listed(store)).containsExactly("r4 LIVE", "r3 KEPT", "r1 KEPT");
            refused("release-pinned", () -> store.delete("r1"));
            refused("release-live", () -> store.delete("r4"));
            refused("unknown-release", () -> store.delete("r2"));
            refused("release-not-kept", () -> store.pin("r2", true));
        }
        try (RepresentationStore store = open()) {
            assertThat(store.releases())
                    .filteredOn(Release::pinned)
                    .extracting(Release::name)
                    .containsExactly("r1");
            publish(store, "r5", 5);
            assertThat(listed(store)).containsExactly("r5 LIVE", "r4 KEPT", "r1 KEPT");
            assertThat(first(store, "r1", "a")).isEqualTo(1);
            assertThat(store.pin("r1", false).pinned()).isFalse();
            publish(store, "r6", 6);
            assertThat(listed(store)).containsExactly("r6 LIVE", "r5 KEPT");
        }
    }

    @Test
    @DisplayName("the changes of a pinned release come back with it; a compaction does not unpin it")
    void aPinnedReleaseKeepsItsChanges() throws IOException {
        try (RepresentationStore store = open()) {
            publish(store, "r1", 1);
            store.pin("r1", true);
            store.apply("r1", "a", "", List.of(StoreFixture.upsert(2, 9, 9)));
            assertThat(store.compact("a", PublicationListener.NONE)).isTrue();
            store.apply("r1", "a", "", List.of(StoreFixture.upsert(3, 8, 8)));
            publish(store, "r2", 2);
            publish(store, "r3", 3);
            publish(store, "r4", 4);
        }
        try (RepresentationStore store = open()) {
            store.rollBack("r1");
            assertThat(first(store, "r1", "a")).isEqualTo(9);
            assertThat(store.releases())
                    .filteredOn(Release::pinned)
                    .extracting(Release::name)
                    .containsExactly("r1");
        }
    }

    @Test
    @DisplayName("a kept release that is deleted is gone from the disk, and who reads it reads on")
    void aKeptReleaseIsDeleted() throws IOException {
        try (RepresentationStore store = open()) {
            publish(store, "r1", 1);
            Snapshot read = store.current();
            publish(store, "r2", 2);
            store.delete("r1");
            assertThat(listed(store)).containsExactly("r2 LIVE");
            assertThat(directory.resolve("store/releases/r1")).doesNotExist();
            assertThat(read.space("a").orElseThrow().dense(0)).containsExactly(1, 1);
            assertThatThrownBy(() -> store.rollBack("r1")).isInstanceOf(NotFound.class);
        }
        try (RepresentationStore store = open()) {
            assertThat(listed(store)).containsExactly("r2 LIVE");
        }
    }

    @Test
    @DisplayName("what the disk refuses did not happen: a pin, a preparation, a deletion; each can be tried again")
    void whatTheDiskRefusesDidNotHappen() throws IOException {
        NotingDisk disk = new NotingDisk(directory);
        try (RepresentationStore store =
                RepresentationStore.open(directory.resolve("store"), List.of(A, B), OPTIONS, disk)) {
            publish(store, "r1", 1);
            publish(store, "r2", 2);
            disk.failOnceAt("move store/releases/r1/release.manifest.tmp");
            refused("storage-failed", () -> store.pin("r1", true));
            assertThat(store.releases()).noneMatch(Release::pinned);
            disk.failOnceAt("move store/releases/r1");
            refused("storage-failed", () -> store.delete("r1"));
            assertThat(listed(store)).containsExactly("r2 LIVE", "r1 KEPT");
            stage(store, "r3", 3, A, B);
            disk.failOnceAt("move store/staging/r3/staged.manifest.tmp");
            refused("storage-failed", () -> store.prepare("r3", Missing.REFUSED, PublicationListener.NONE));
            assertThat(store.snapshot("r3")).isEmpty();
            store.prepare("r3", Missing.REFUSED, PublicationListener.NONE);
            disk.failOnceAt("move store/LIVE.tmp");
            refused("storage-failed", () -> store.promote("r3", Optional.empty(), PublicationListener.NONE));
            assertThat(listed(store)).containsExactly("r3 STAGED", "r2 LIVE", "r1 KEPT");
            assertThat(first(store, "r3", "a")).isEqualTo(3);
        }
        try (RepresentationStore store = open()) {
            assertThat(first(store, "r3", "a")).isEqualTo(3);
            assertThat(store.promote("r3", Optional.empty(), PublicationListener.NONE)
                            .state())
                    .isEqualTo(State.LIVE);
            store.delete("r2");
            assertThat(listed(store)).containsExactly("r3 LIVE");
        }
    }

    @Test
    @DisplayName("twenty releases are pinned at once")
    void twentyArePinnedAtOnce() throws IOException {
        try (RepresentationStore store = open()) {
            for (int i = 0; i <= 20; i++) {
                publish(store, "r" + i, i);
                if (i < 20) {
                    store.pin("r" + i, true);
                }
            }
            assertThatThrownBy(() -> store.pin("r20", true))
                    .isInstanceOf(Conflict.class)
                    .hasMessage("at most 20 releases are pinned at once; unpin one of them first: r20");
            store.pin("r3", false);
            assertThat(store.pin("r20", true).pinned()).isTrue();
        }
    }
}
