package repscorer.core.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import repscorer.ann.DenseIndex;
import repscorer.ann.Neighbors;
import repscorer.ann.SearchOptions;
import repscorer.ann.exact.ExactIndex;
import repscorer.core.disk.Disk;
import repscorer.core.failure.ScorerException.Storage;
import repscorer.core.fixture.WrappedIndex;
import repscorer.core.store.RepresentationStore.Missing;

/** Compactions beside publications, and what they leave of the base before. */
@Timeout(60)
class CompactionBesideTest {

    private static final StoreOptions OPTIONS = new StoreOptions(1, 1 << 20, 1, 10, 1_000, 1_000);

    @TempDir
    Path directory;

    private RepresentationStore open(Disk disk) {
        return RepresentationStore.open(directory.resolve("store"), StoreFixture.SPACES, OPTIONS, disk);
    }

    private static void change(RepresentationStore store, String release) {
        store.apply(release, "a", "", List.of(StoreFixture.upsert(9, 9, 9)));
    }

    @Test
    @DisplayName("a compaction of a release that is removed meanwhile fails, and the one that is live is left alone")
    void aReleaseThatIsRemovedMeanwhile() throws IOException {
        try (RepresentationStore store = open(Disk.LOCAL)) {
            StoreFixture.publish(store, "r1", 1, directory);
            change(store, "r1");
            assertThatThrownBy(() -> store.compact("a", (step, done, total) -> {
                        if (step.equals("index a") && done == 0) {
                            publish(store, "r2");
                            publish(store, "r3");
                        }
                    }))
                    .isInstanceOf(Storage.class)
                    .hasMessageContaining("release r1 was removed meanwhile");
            assertThat(store.uncompacted()).containsOnlyKeys("a");
            assertThat(store.compact("a", PublicationListener.NONE)).isFalse();
            assertThat(store.uncompacted())
                    .as("what is live has nothing to compact")
                    .isEmpty();
            assertThat(store.current().release()).isEqualTo("r3");
        }
    }

    private void publish(RepresentationStore store, String release) {
        try {
            StoreFixture.publish(store, release, 2, directory);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    @DisplayName("once a release that carries a space over is live, others compact again")
    void othersCompactAfterACarry() throws Exception {
        try (RepresentationStore store = open(Disk.LOCAL)) {
            StoreFixture.publish(store, "r1", 1, directory);
            StoreFixture.stage(store, "r2", StoreFixture.rows(StoreFixture.B, 2, 4), directory);
            store.publish("r2", new Missing(false, Set.of("a")), PublicationListener.NONE);
            change(store, "r2");
            boolean compacted = CompletableFuture.supplyAsync(() -> store.compact("a", PublicationListener.NONE))
                    .get(20, TimeUnit.SECONDS);
            assertThat(compacted).isTrue();
        }
    }

    @Test
    @DisplayName("the graph of a base goes with it")
    void theGraphOfABaseGoesWithIt() throws IOException {
        try (RepresentationStore store = RepresentationStore.open(
                directory.resolve("store"),
                List.of(StoreFixture.space("a", "hnsw")),
                new StoreOptions(1, 1 << 20, 1, 10, 1_000, 1))) {
            StoreFixture.publish(store, "r1", 1, directory);
            change(store, "r1");
            store.compact("a", PublicationListener.NONE);
            String checksum = store.current().space("a").orElseThrow().file().checksum();
            try (Stream<Path> graphs = Files.list(directory.resolve("store/indexes"))) {
                assertThat(graphs.map(path -> String.valueOf(path.getFileName())))
                        .singleElement()
                        .satisfies(name -> assertThat(name).startsWith(checksum));
            }
        }
    }

    /** Keeps what it is asked. */
    private record Asked(DenseIndex scan, List<float[]> queries) implements WrappedIndex {

        @Override
        public Neighbors search(float[] query, SearchOptions options) {
            queries.add(query);
            return scan.search(query, options);
        }
    }

    @Test
    @DisplayName("the index of a compacted base is warm before anybody asks it")
    void theIndexOfACompactedBaseIsWarm() throws IOException {
        List<float[]> queries = new ArrayList<>();
        try (RepresentationStore store = RepresentationStore.open(
                directory.resolve("store"),
                List.of(StoreFixture.A),
                OPTIONS,
                Clock.systemUTC(),
                Disk.LOCAL,
                (space, file, before, progress) ->
                        new Asked(new ExactIndex(file.denseRows(), space.metric()), queries))) {
            StoreFixture.publish(store, "r1", 1, directory);
            change(store, "r1");
            queries.clear();
            store.compact("a", PublicationListener.NONE);
            assertThat(queries).extracting(query -> query[1]).containsExactly(1f, 2f, 3f, 4f, 9f);
        }
    }
}
