package repscorer.ann.sparse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import repscorer.ann.Neighbors;
import repscorer.ann.OrdinalFilter;
import repscorer.ann.SearchStats.End;
import repscorer.ann.SearchStats.Plan;
import repscorer.ann.SparseSearchOptions;
import repscorer.ann.SparseSearchOptions.Mode;
import repscorer.ann.SparseSearchOptions.Ranking;
import repscorer.vector.SparseRows;
import repscorer.vector.SparseVector;

/** Searches that end by the clock, over 8,000 rows of which row r has r + 1 in the one cluster that all share. */
class SparseDeadlineTest {

    private static final int ROWS = 8000;
    private static final long MINUTES = 600_000_000_000L;

    private static SparseVector one(float weight) {
        return new SparseVector(new int[] {3}, new float[] {weight});
    }

    private static ClusterIndex index(int itemsPerCluster) {
        List<SparseVector> rows = new ArrayList<>();
        for (int row = 0; row < ROWS; row++) {
            rows.add(one(row + 1));
        }
        return ClusterIndex.build(SparseRows.copyOf(rows), itemsPerCluster);
    }

    private static SparseSearchOptions options(Mode mode) {
        return SparseSearchOptions.of(5).withMode(mode).withRanking(Ranking.DOT);
    }

    @ParameterizedTest
    @EnumSource(
            value = Mode.class,
            names = {"RESCORED", "EXACT"})
    void aDeadlineThatHasPassedEndsASearchAndIsTold(Mode mode) {
        Neighbors found = index(ROWS).search(one(2), options(mode).withDeadline(System.nanoTime() - 1));
        assertThat(found.stats().end()).isEqualTo(End.DEADLINE);
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void aDeadlineFarAwayChangesNothing(Mode mode) {
        for (int itemsPerCluster : new int[] {10, ROWS}) {
            ClusterIndex index = index(itemsPerCluster);
            Neighbors never = index.search(one(2), options(mode));
            Neighbors late = index.search(one(2), options(mode).withDeadline(System.nanoTime() + MINUTES));
            assertThat(never.ordinals()).containsExactly(ROWS - 1, ROWS - 2, ROWS - 3, ROWS - 4, ROWS - 5);
            assertThat(late.ordinals()).containsExactly(never.ordinals());
            assertThat(late.scores()).containsExactly(never.scores());
            assertThat(late.stats()).isEqualTo(never.stats());
        }
    }

    /** Accepts all and takes its time at one row until the deadline has come. */
    private record Slow(int at, long deadline) implements OrdinalFilter {

        @Override
        public int accepted(int count) {
            return count;
        }

        @Override
        public boolean accepts(int ordinal) {
            while (ordinal == at && System.nanoTime() - deadline < 0) {
                Thread.onSpinWait();
            }
            return true;
        }
    }

    @Test
    void aScanEndsSoonAfterTheDeadlineWithTheBestOfWhatItScored() {
        // One item a list: bounds exclude nobody of those dropped, and all rows are scanned.
        ClusterIndex index = index(1);
        long deadline = System.nanoTime() + 300_000_000L;
        Neighbors found = index.search(
                one(2), options(Mode.EXACT).withFilter(new Slow(2000, deadline)).withDeadline(deadline));
        assertThat(found.stats().plan()).isEqualTo(Plan.EXACT);
        assertThat(found.stats().end()).isEqualTo(End.DEADLINE);
        assertThat(found.stats().scored()).isEqualTo(2048);
        assertThat(found.ordinals()).containsExactly(2047, 2046, 2045, 2044, 2043);
    }

    @Test
    void aSearchThatFailedLeavesNothingToTheNext() {
        ClusterIndex index = index(1);
        OrdinalFilter failing = new OrdinalFilter() {
            @Override
            public boolean accepts(int ordinal) {
                if (ordinal == 100) {
                    throw new IllegalStateException("no more");
                }
                return true;
            }

            @Override
            public int accepted(int count) {
                return count;
            }
        };
        SparseSearchOptions options = options(Mode.EXACT);
        assertThatThrownBy(() -> index.search(one(2), options.withFilter(failing)))
                .hasMessage("no more");
        Neighbors late = index.search(one(2), options.withDeadline(System.nanoTime() - 1));
        assertThat(late.stats().end()).isEqualTo(End.DEADLINE);
        assertThat(late.size()).isZero();
    }

    @Test
    void rowsAreScoredNoLongerThanTheDeadline() {
        int weak = 50_000;
        int strong = 2000; // of them, better the later
        List<SparseVector> rows = new ArrayList<>();
        for (int row = 0; row < weak; row++) {
            rows.add(
                    row < strong
                            ? new SparseVector(new int[] {3, 7}, new float[] {row + 1, 1})
                            : new SparseVector(new int[] {7}, new float[] {1}));
        }
        ClusterIndex index = ClusterIndex.build(SparseRows.copyOf(rows), weak);
        SparseVector query = new SparseVector(new int[] {3, 7}, new float[] {1, 0.001f});
        SparseSearchOptions options =
                SparseSearchOptions.of(600).withMode(Mode.EXACT).withRanking(Ranking.DOT);
        assertThat(index.search(query, options).ordinals()[599]).isEqualTo(strong - 600);
        long deadline = System.nanoTime() + 300_000_000L;
        Neighbors found = index.search(
                query, options.withFilter(new Slow(strong - 1, deadline)).withDeadline(deadline));
        assertThat(found.stats().end()).isEqualTo(End.DEADLINE);
        assertThat(found.size()).isEqualTo(600);
        assertThat(found.ordinals()[0]).as("the last is not reached").isBetween(600, strong - 2);
    }
}
