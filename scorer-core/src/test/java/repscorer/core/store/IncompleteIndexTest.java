package repscorer.core.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.ann.exact.ExactIndex;
import repscorer.ann.hnsw.CutGraphs;
import repscorer.core.disk.Disk;
import repscorer.core.failure.ScorerException.Rejected;
import repscorer.core.store.index.Indexes;
import repscorer.vector.DenseRows;

/** A release whose index lacks rows, or has rows that nothing leads to, does not go live, whatever its recall. */
class IncompleteIndexTest {

    private static final int ROWS = 200;

    /** Too few to be told by a recall of sampled rows. */
    private static final int LOST = 150;

    @TempDir
    Path directory;

    private RepresentationStore open(Indexes indexes) {
        return RepresentationStore.open(
                directory.resolve("store"),
                List.of(StoreFixture.space("a", "hnsw")),
                StoreFixture.OPTIONS,
                Clock.systemUTC(),
                Disk.LOCAL,
                indexes);
    }

    private void refusesWithWords(Indexes indexes, String words) throws IOException {
        try (RepresentationStore store = open(indexes)) {
            StoreFixture.stage(store, "r1", StoreFixture.rows(StoreFixture.A, 1, ROWS), directory);
            assertThatThrownBy(() -> store.publish("r1", PublicationListener.NONE))
                    .isInstanceOfSatisfying(
                            Rejected.class, e -> assertThat(e.code()).isEqualTo("index-incomplete"))
                    .hasMessage("release r1 is rejected: " + words);
            assertThat(store.releases()).singleElement().satisfies(release -> {
                assertThat(release.rejection().orElseThrow()).contains(words);
                assertThat(release.state()).isEqualTo(Release.State.REJECTED);
            });
        }
    }

    @Test
    @DisplayName("S13: a graph with a row that nothing leads to is refused, and the count is kept")
    void aRowThatNothingLeadsToIsRefused() throws IOException {
        Indexes cut = (space, file, before, progress) -> CutGraphs.without(LOST, file.denseRows(), space.metric());
        refusesWithWords(cut, "every row of a must be reachable: 1 are not");
        try (RepresentationStore store = open(cut)) {
            assertThat(store.releases().getFirst().checks())
                    .singleElement()
                    .satisfies(check -> assertThat(check.unreachable()).isEqualTo(OptionalInt.of(1)));
        }
    }

    @Test
    @DisplayName("S13: an index that holds fewer rows than its file is refused, even where it scans")
    void anIndexOfFewerRowsIsRefused() throws IOException {
        refusesWithWords(
                (space, file, before, progress) -> {
                    float[][] fewer = new float[ROWS - 1][];
                    for (int row = 0; row < fewer.length; row++) {
                        fewer[row] = file.denseRows().row(row);
                    }
                    return new ExactIndex(DenseRows.copyOf(fewer), space.metric());
                },
                "the index of a must hold every row: 199 of 200");
    }
}
