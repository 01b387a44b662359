package repscorer.core.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import repscorer.ann.BuildThreads;
import repscorer.ann.DenseIndex;
import repscorer.ann.exact.ExactIndex;
import repscorer.core.disk.Disk;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.core.failure.ScorerException.Rejected;
import repscorer.core.fixture.WrappedIndex;
import repscorer.core.store.delta.DeltaGraph;
import repscorer.core.store.index.IndexFiles;
import repscorer.core.store.index.Indexes;
import repscorer.core.store.index.Predecessor;
import repscorer.vector.DenseRows;

/** The index of a compacted base: carried on from the one before where that does, and refused where it misses too much. */
@Timeout(60)
class CompactedIndexTest {

    private static final int ROWS = 40;

    @TempDir
    Path directory;

    private final List<Optional<Predecessor>> predecessors = new ArrayList<>();
    private final ExecutorService builders = Executors.newSingleThreadExecutor();

    @AfterEach
    void end() {
        builders.shutdownNow();
    }

    private RepresentationStore open(Indexes indexes) {
        return open(indexes, 1_000);
    }

    private RepresentationStore open(Indexes indexes, int graphRowsMin) {
        return RepresentationStore.open(
                directory.resolve("store"),
                List.of(StoreFixture.space("a", "hnsw")),
                new StoreOptions(1, 1 << 20, 1, 10, 1_000, graphRowsMin),
                Clock.systemUTC(),
                Disk.LOCAL,
                (space, file, before, progress) -> {
                    predecessors.add(before);
                    return indexes.dense(space, file, before, progress);
                });
    }

    private Indexes graphs() {
        IndexFiles files = new IndexFiles(Disk.LOCAL, directory.resolve("graphs"), finding -> {});
        return Indexes.engines(() -> BuildThreads.of(builders, 1), files, 1);
    }

    private void publish(RepresentationStore store) throws IOException {
        StoreFixture.stage(store, "r1", StoreFixture.rows(StoreFixture.space("a", "hnsw"), 1, ROWS), directory);
        store.publish("r1", PublicationListener.NONE);
    }

    private static void change(RepresentationStore store) {
        store.apply(
                "r1",
                "a",
                "",
                List.of(
                        StoreFixture.upsert(5, 50, 5),
                        new Change.Delete(EntityId.of(EntityKind.USER, 3), OptionalLong.empty()),
                        StoreFixture.upsert(99, 9, 9)));
    }

    @Test
    @DisplayName("a graph is carried on by the rows that stay as they are, and not built anew where it finds as much")
    void aGraphIsCarriedOn() throws IOException {
        try (RepresentationStore store = open(graphs())) {
            publish(store);
            change(store);
            store.compact("a", PublicationListener.NONE);
            assertThat(predecessors).hasSize(2);
            assertThat(predecessors.getFirst()).isEmpty();
            int[] ordinals = predecessors.getLast().orElseThrow().ordinals();
            assertThat(ordinals).hasSize(ROWS);
            assertThat(ordinals).startsWith(0, 1, 3, -1, 5, 6).endsWith(38, 39, -1);
            assertThat(store.releases().getFirst().checks())
                    .singleElement()
                    .satisfies(check -> assertThat(check.recall()).hasValue(1));
        }
    }

    @Test
    @DisplayName("a graph that changes were linked into is carried on with them")
    void aGraphIsCarriedOnWithTheChangesInIt() throws Exception {
        try (RepresentationStore store = open(graphs(), 1)) {
            publish(store);
            change(store);
            DeltaGraph graph = null;
            while (graph == null || graph.covered() < 3) {
                Thread.sleep(1);
                graph = store.current().space("a").orElseThrow().delta().graph();
            }
            store.compact("a", PublicationListener.NONE);
            int[] ordinals = predecessors.getLast().orElseThrow().ordinals();
            assertThat(ordinals).hasSize(ROWS);
            assertThat(ordinals).startsWith(0, 1, 3, ROWS, 5, 6).endsWith(38, 39, ROWS + 1);
        }
    }

    @Test
    @DisplayName("an index that is carried on and finds less than one built whole is built whole")
    void anIndexThatFindsLessIsBuiltWhole() throws IOException {
        Indexes graphs = graphs();
        try (RepresentationStore store = open((space, file, before, progress) -> {
            File kept = directory
                    .resolve("store/indexes/" + file.checksum() + "-carried.hnsw")
                    .toFile();
            if (before.isEmpty()) {
                assertThat(kept).as("what misses too much is kept no longer").doesNotExist();
                return graphs.dense(space, file, before, progress);
            }
            assertThat(kept.getParentFile().mkdirs() && kept.mkdir()).isTrue();
            // The same graph over other rows finds others.
            float[][] rows = new float[file.count()][];
            for (int row = 0; row < rows.length; row++) {
                rows[row] = file.denseRows().row((row * 17) % rows.length);
            }
            return new ScanOfOthers(new ExactIndex(DenseRows.copyOf(rows), space.metric()));
        })) {
            publish(store);
            change(store);
            store.compact("a", PublicationListener.NONE);
            assertThat(predecessors).extracting(Optional::isPresent).containsExactly(false, true, false);
            assertThat(store.releases().getFirst().checks())
                    .singleElement()
                    .satisfies(check -> assertThat(check.recall()).hasValue(1));
        }
    }

    /** Told from a scan by its name, so that it is asked how much it finds. */
    private record ScanOfOthers(DenseIndex scan) implements WrappedIndex {

        @Override
        public String engine() {
            return "others";
        }
    }

    @Test
    @DisplayName("a compacted base whose index misses too much is refused, told of, and nothing is left of it")
    void aBaseWhoseIndexMissesTooMuchIsRefused() throws IOException {
        boolean[] bad = {false};
        try (RepresentationStore store = open((space, file, before, progress) -> {
            float[][] first = {file.denseRows().row(0)};
            return new ExactIndex(bad[0] ? DenseRows.copyOf(first) : file.denseRows(), space.metric());
        })) {
            publish(store);
            change(store);
            bad[0] = true;
            assertThatThrownBy(() -> store.compact("a", PublicationListener.NONE))
                    .isInstanceOf(Rejected.class)
                    .hasMessage("the compacted base is refused: the index of a must hold every row: 1 of 40");
            assertThat(store.uncompacted()).containsOnlyKeys("a");
            assertThat(directory.resolve("store/releases/r1/a.1.emb")).doesNotExist();
            assertThat(store.current().space("a").orElseThrow().file().count()).isEqualTo(ROWS);
            bad[0] = false;
            assertThat(store.compact("a", PublicationListener.NONE)).isTrue();
            assertThat(store.current().space("a").orElseThrow().changed()).isFalse();
        }
    }
}
