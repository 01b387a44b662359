package repscorer.core.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import repscorer.core.disk.Disk;
import repscorer.core.disk.ForwardingDisk;
import repscorer.core.failure.ScorerException.Storage;

/** What a store's verbs do beside one another. */
@Timeout(60)
class StoreVerbsTest {

    @TempDir
    Path directory;

    private RepresentationStore open(Disk disk) {
        return RepresentationStore.open(directory.resolve("store"), StoreFixture.SPACES, StoreFixture.OPTIONS, disk);
    }

    /** Waits before it does what a name is part of, until it is let go. */
    private static final class HeldDisk extends ForwardingDisk {
        private final CountDownLatch reached = new CountDownLatch(1);
        private final CountDownLatch letGo = new CountDownLatch(1);
        private volatile @Nullable String heldTree;
        private volatile @Nullable String heldFile;

        HeldDisk() {
            super(Disk.LOCAL);
        }

        private void hold(Path path, @Nullable String held) {
            if (held != null && path.toString().contains(held)) {
                reached.countDown();
                try {
                    assertThat(letGo.await(50, TimeUnit.SECONDS)).isTrue();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        }

        @Override
        public void deleteTree(Path path) throws IOException {
            hold(path, heldTree);
            super.deleteTree(path);
        }

        @Override
        public Output create(Path file) throws IOException {
            hold(file, heldFile);
            return super.create(file);
        }
    }

    @Test
    void anUpsertIsNotHeldUpByATreeThatTakesLongToDelete() throws Exception {
        HeldDisk disk = new HeldDisk();
        try (RepresentationStore store = open(disk);
                ExecutorService others = Executors.newCachedThreadPool()) {
            StoreFixture.publish(store, "r1", 1, directory);
            StoreFixture.publish(store, "r2", 2, directory);
            disk.heldTree = "taken-";
            Future<Release> publication = others.submit(() -> StoreFixture.publish(store, "r3", 3, directory));
            disk.reached.await();
            assertThat(store.current().release()).isEqualTo("r3");
            assertThat(store.releases()).extracting(Release::name).containsExactly("r3", "r2");
            assertThat(store.apply("r3", "a", "", List.of(StoreFixture.upsert(9, 9, 9))))
                    .containsExactly(new Outcome.Accepted(1));
            assertThat(store.rollBack("r2").name()).isEqualTo("r2");
            assertThat(publication.isDone()).isFalse();
            disk.letGo.countDown();
            assertThat(publication.get().name()).isEqualTo("r3");
            assertThat(directory.resolve("store/releases/r1")).doesNotExist();
            assertThat(directory.resolve("store/incoming")).isEmptyDirectory();
        }
    }

    @Test
    void aTreeThatWasTakenAwayAndNotDeletedIsGoneAfterTheNextStart() throws Exception {
        Disk disk = new ForwardingDisk(Disk.LOCAL) {
            @Override
            public void deleteTree(Path path) throws IOException {
                if (path.toString().contains("taken-")) {
                    throw new IOException("Input/output error");
                }
                super.deleteTree(path);
            }
        };
        try (RepresentationStore store = open(disk)) {
            for (int i = 1; i <= 3; i++) {
                StoreFixture.publish(store, "r" + i, i, directory);
            }
            assertThat(directory.resolve("store/incoming/taken-1/a.emb")).exists();
        }
        try (RepresentationStore again = open(Disk.LOCAL)) {
            assertThat(again.releases()).extracting(Release::name).containsExactly("r3", "r2");
            assertThat(directory.resolve("store/incoming")).isEmptyDirectory();
        }
    }

    @Test
    void aCompactionOfOneSpaceIsNotDroppedWhileAnotherRuns() throws Exception {
        HeldDisk disk = new HeldDisk();
        try (RepresentationStore store = open(disk)) {
            StoreFixture.publish(store, "r1", 1, directory);
            disk.heldFile = "a.1.emb";
            fill(store, "a");
            disk.reached.await();
            fill(store, "b");
            disk.letGo.countDown();
            // Nothing more is pushed: the second was queued, not dropped.
            await(() -> Files.exists(directory.resolve("store/releases/r1/a.1.emb"))
                    && Files.exists(directory.resolve("store/releases/r1/b.1.emb")));
            await(() -> store.current().space("b").orElseThrow().file().path().endsWith("b.1.emb"));
            assertThat(store.current().space("b").orElseThrow().count()).isEqualTo(9);
        }
    }

    private static void fill(RepresentationStore store, String space) {
        List<Change> changes = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            changes.add(StoreFixture.upsert(100 + i, i, i));
        }
        store.apply("r1", space, "", changes);
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        while (!condition.getAsBoolean()) {
            Thread.sleep(5);
        }
    }

    @Test
    void changesGoOnWhileTheirSpaceIsCompactedAndAllAreThereAfterwards() throws Exception {
        HeldDisk disk = new HeldDisk();
        try (RepresentationStore store = open(disk)) {
            StoreFixture.publish(store, "r1", 1, directory);
            store.apply("r1", "a", "", List.of(StoreFixture.upsert(7, 7, 7)));
            disk.heldFile = "a.1.emb";
            CompletableFuture<Boolean> compaction =
                    CompletableFuture.supplyAsync(() -> store.compact("a", PublicationListener.NONE));
            disk.reached.await();
            store.apply("r1", "a", "", List.of(StoreFixture.upsert(8, 8, 8)));
            disk.letGo.countDown();
            assertThat(compaction.get()).isTrue();
            assertThat(store.current().space("a").orElseThrow().count()).isEqualTo(6);
        }
        try (RepresentationStore again = open(Disk.LOCAL)) {
            SpaceVersion version = again.current().space("a").orElseThrow();
            assertThat(version.file().count()).isEqualTo(5);
            assertThat(version.count()).isEqualTo(6);
        }
    }

    @Test
    void aPublicationThatCannotBeTakenBackIsUncertainAndOneThatCanIsNot() throws Exception {
        boolean[] failing = new boolean[2]; // the pointer, and what takes it back
        Disk disk = new ForwardingDisk(Disk.LOCAL) {
            private int moves;

            @Override
            public void move(Path from, Path to) throws IOException {
                if (to.endsWith("LIVE") && (moves++ == 0 ? failing[0] : failing[1])) {
                    throw new IOException("Input/output error");
                }
                super.move(from, to);
                if (to.endsWith("LIVE")) {
                    moves = 0;
                }
            }
        };
        try (RepresentationStore store = open(disk)) {
            StoreFixture.publish(store, "r1", 1, directory);
            failing[0] = true;
            assertThatThrownBy(() -> StoreFixture.publish(store, "r2", 2, directory))
                    .isInstanceOfSatisfying(Storage.class, e -> {
                        assertThat(e.reason()).isEqualTo(Storage.Reason.FAILED);
                        assertThat(e.uncertain()).isFalse();
                    });
            failing[1] = true;
            assertThatThrownBy(() -> StoreFixture.publish(store, "r3", 3, directory))
                    .hasMessageContaining("whether release r3 is live after a restart is not known")
                    .isInstanceOfSatisfying(
                            Storage.class, e -> assertThat(e.uncertain()).isTrue());
            assertThat(store.current().release()).isEqualTo("r1");
        }
    }
}
