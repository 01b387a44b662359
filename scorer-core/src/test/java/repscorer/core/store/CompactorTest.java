package repscorer.core.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.core.disk.Disk;
import repscorer.core.disk.ForwardingDisk;
import repscorer.core.embedding.EmbeddingFile;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.core.failure.ScorerException.Storage;

/** Compactions of spaces of four rows. */
class CompactorTest {

    @TempDir
    Path directory;

    private RepresentationStore open(Disk disk, int changes, int graphRowsMin) {
        return RepresentationStore.open(
                directory.resolve("store"),
                List.of(StoreFixture.space("a", "hnsw")),
                new StoreOptions(1, 1 << 20, 1, 10, changes, graphRowsMin),
                Clock.systemUTC(),
                disk,
                null);
    }

    private List<String> bases() throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve("store/releases/r1"))) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> name.endsWith(".emb"))
                    .sorted()
                    .toList();
        }
    }

    private long logs() throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve("store/releases/r1"))) {
            return files.filter(file -> file.toString().endsWith(".log")).count();
        }
    }

    @Test
    @DisplayName("S13: a compaction writes a base under the next number, tells its steps, and removes the one before")
    void aCompactionWritesTheNextBase() throws Exception {
        try (RepresentationStore store = open(Disk.LOCAL, 1000, 1000)) {
            StoreFixture.publish(store, "r1", 1, directory);
            assertThat(store.compact("a", PublicationListener.NONE))
                    .as("no change")
                    .isFalse();
            assertThat(bases()).containsExactly("a.emb");
            for (int round = 1; round <= 3; round++) {
                store.apply("r1", "a", "", List.of(StoreFixture.upsert(10 + round, round, round)));
                List<String> steps = new ArrayList<>();
                // Each in a thread of its own: none leaves the lock behind.
                boolean compacted = CompletableFuture.supplyAsync(() ->
                                store.compact("a", (step, done, total) -> steps.add(step + " " + done + "/" + total)))
                        .get(20, TimeUnit.SECONDS);
                assertThat(compacted).isTrue();
                assertThat(steps).startsWith("compact a 0/" + (4 + round));
                assertThat(bases()).containsExactly("a." + round + ".emb");
                assertThat(logs())
                        .as("what the base holds is in no log any more")
                        .isLessThanOrEqualTo(1);
                assertThat(store.current().space("a").orElseThrow().file().count())
                        .isEqualTo(4 + round);
                assertThat(CompletableFuture.supplyAsync(() -> store.compact("a", PublicationListener.NONE))
                                .get(20, TimeUnit.SECONDS))
                        .isFalse();
            }
        }
    }

    @Test
    @DisplayName("S13: a compacted base has every row once, in the order of ids, whichever came last")
    void aCompactedBaseIsInTheOrderOfIds() throws Exception {
        try (RepresentationStore store = open(Disk.LOCAL, 1000, 1000)) {
            StoreFixture.publish(store, "r1", 1, directory);
            store.apply(
                    "r1",
                    "a",
                    "",
                    List.of(
                            StoreFixture.upsert(2, 20, 20),
                            new Change.Delete(EntityId.of(EntityKind.USER, 3), OptionalLong.empty())));
            store.compact("a", PublicationListener.NONE);
            EmbeddingFile file = store.current().space("a").orElseThrow().file();
            assertThat(file.count()).isEqualTo(3);
            for (int row = 0; row < 3; row++) {
                assertThat(file.ids().id(row)).isEqualTo(EntityId.of(EntityKind.USER, row == 2 ? 4 : row + 1));
                assertThat(file.denseRows().row(row)[0]).isEqualTo(row == 1 ? 20 : 1);
            }
        }
    }

    @Test
    @DisplayName(
            "S13: a space whose compaction fails is told of until one goes well or there is nothing left to compact")
    void aFailureIsToldOfUntilItGoesWell() throws Exception {
        boolean[] failing = {true};
        Disk disk = new ForwardingDisk(Disk.LOCAL) {
            @Override
            public Output create(Path file) throws IOException {
                if (failing[0] && file.toString().contains("a.1.emb")) {
                    throw new IOException("Input/output error");
                }
                return super.create(file);
            }
        };
        try (RepresentationStore store = open(disk, 1000, 1000)) {
            StoreFixture.publish(store, "r1", 1, directory);
            store.apply("r1", "a", "", List.of(StoreFixture.upsert(9, 9, 9)));
            assertThatThrownBy(() -> store.compact("a", PublicationListener.NONE))
                    .isInstanceOf(Storage.class)
                    .hasMessageContaining("compacting changes to a failed");
            assertThat(store.uncompacted()).containsOnlyKeys("a");
            assertThat(store.uncompacted().get("a")).contains("compacting changes to a failed");
            assertThat(store.current().space("a").orElseThrow().count()).isEqualTo(5);
            failing[0] = false;
            assertThat(store.compact("a", PublicationListener.NONE)).isTrue();
            assertThat(store.uncompacted()).isEmpty();
            assertThat(store.current().space("a").orElseThrow().file().count()).isEqualTo(5);

            store.apply("r1", "a", "", List.of(StoreFixture.upsert(8, 8, 8)));
            assertThatThrownBy(() -> store.compact("a", (step, done, total) -> {
                        throw new IllegalStateException("the terminal is gone");
                    }))
                    .hasMessage("the terminal is gone");
            assertThat(store.uncompacted()).containsEntry("a", "the terminal is gone");
            assertThat(store.compact("a", PublicationListener.NONE)).isTrue();
            assertThat(store.uncompacted()).isEmpty();
        }
    }

    @Test
    @DisplayName("S13: changes are compacted by themselves from as many on as the options say, and not before")
    void changesAreCompactedFromAsManyOn() throws Exception {
        for (int graphRowsMin : new int[] {2, 1000}) { // with a graph that keeps searches fast, and without
            try (RepresentationStore store = open(Disk.LOCAL, 6, graphRowsMin)) {
                StoreFixture.publish(store, "r1", 1, directory);
                for (int change = 1; change <= 5; change++) {
                    store.apply("r1", "a", "", List.of(StoreFixture.upsert(10 + change, change, change)));
                }
                Thread.sleep(60);
                assertThat(store.current().space("a").orElseThrow().file().count())
                        .as("a change is missing")
                        .isEqualTo(4);
                store.apply("r1", "a", "", List.of(StoreFixture.upsert(20, 3, 3)));
                long end = System.nanoTime() + 20_000_000_000L;
                while (store.current().space("a").orElseThrow().file().count() == 4 && System.nanoTime() < end) {
                    Thread.sleep(5);
                }
                assertThat(store.current().space("a").orElseThrow().file().count())
                        .isEqualTo(10);
            }
            Disk.LOCAL.deleteTree(directory.resolve("store"));
        }
    }

    @Test
    @DisplayName("S13: where a graph keeps searches fast, changes wait until they are a quarter of the base")
    void changesOfAGraphWait() throws Exception {
        for (int graphRowsMin : new int[] {40, 41}) {
            try (RepresentationStore store = open(Disk.LOCAL, 3, graphRowsMin)) {
                StoreFixture.stage(store, "r1", StoreFixture.rows(StoreFixture.space("a", "hnsw"), 1, 40), directory);
                store.publish("r1", PublicationListener.NONE);
                int due = graphRowsMin == 40 ? 10 : 3;
                for (int change = 1; change <= due; change++) {
                    Thread.sleep(change == due ? 60 : 0);
                    assertThat(store.current().space("a").orElseThrow().file().count())
                            .as("%s of %s", change - 1, due)
                            .isEqualTo(40);
                    store.apply("r1", "a", "", List.of(StoreFixture.upsert(100 + change, change, change)));
                }
                long end = System.nanoTime() + 20_000_000_000L;
                while (store.current().space("a").orElseThrow().file().count() == 40 && System.nanoTime() < end) {
                    Thread.sleep(5);
                }
                assertThat(store.current().space("a").orElseThrow().file().count())
                        .isEqualTo(40 + due);
            }
            Disk.LOCAL.deleteTree(directory.resolve("store"));
        }
    }

    @Test
    @DisplayName("S13: after a compaction by itself that failed, a space is left alone for a while, and others are not")
    void aSpaceWhoseCompactionFailedIsLeftAlone() throws Exception {
        List<Path> tried = new CopyOnWriteArrayList<>();
        Disk disk = new ForwardingDisk(Disk.LOCAL) {
            @Override
            public Output create(Path file) throws IOException {
                if (file.toString().contains("a.1.emb")) {
                    tried.add(file);
                    throw new IOException("Input/output error");
                }
                return super.create(file);
            }
        };
        try (RepresentationStore store = RepresentationStore.open(
                directory.resolve("store"), StoreFixture.SPACES, new StoreOptions(1, 1 << 20, 1, 10, 2, 1000), disk)) {
            StoreFixture.publish(store, "r1", 1, directory);
            for (int round = 1; round <= 3; round++) {
                int value = round;
                Path before = store.current().space("b").orElseThrow().file().path();
                store.apply(
                        "r1",
                        "a",
                        "",
                        List.of(StoreFixture.upsert(10 * round, round, 1), StoreFixture.upsert(10 * round + 1, 1, 1)));
                // Spaces are compacted in their turn: when b was, then a's was tried, or is not going to be.
                await(() -> {
                    store.apply("r1", "b", "", List.of(StoreFixture.upsert(9, value, 1)));
                    return !store.current()
                            .space("b")
                            .orElseThrow()
                            .file()
                            .path()
                            .equals(before);
                });
            }
            assertThat(tried).hasSize(1);
            assertThat(store.uncompacted()).containsOnlyKeys("a");
            assertThat(store.current().space("a").orElseThrow().count()).isEqualTo(10);
        }
    }

    private static void await(BooleanSupplier due) throws InterruptedException {
        long end = System.nanoTime() + 20_000_000_000L;
        while (!due.getAsBoolean() && System.nanoTime() < end) {
            Thread.sleep(1);
        }
        assertThat(due.getAsBoolean()).isTrue();
    }
}
