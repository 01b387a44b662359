package repscorer.ann.sparse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import repscorer.ann.Neighbors;
import repscorer.ann.OrdinalFilter;
import repscorer.ann.ScoreBounds;
import repscorer.ann.SearchStats.Plan;
import repscorer.ann.SparseSearchOptions;
import repscorer.ann.SparseSearchOptions.Mode;
import repscorer.ann.SparseSearchOptions.Ranking;
import repscorer.vector.SparseRows;
import repscorer.vector.SparseVector;

/** Small indexes whose every answer, and what was looked at for it, is known by hand; and rows, queries and lists that need more room. */
class SparseRoomTest {

    private static SparseVector row(Object... columnsAndWeights) {
        int[] columns = new int[columnsAndWeights.length / 2];
        float[] weights = new float[columns.length];
        for (int i = 0; i < columns.length; i++) {
            columns[i] = (Integer) columnsAndWeights[2 * i];
            weights[i] = ((Number) columnsAndWeights[2 * i + 1]).floatValue();
        }
        return new SparseVector(columns, weights);
    }

    /** Columns 0 to n − 1, all of one weight. */
    private static SparseVector even(int n, float weight) {
        float[] weights = new float[n];
        java.util.Arrays.fill(weights, weight);
        return new SparseVector(IntStream.range(0, n).toArray(), weights);
    }

    private static ClusterIndex index(int itemsPerCluster, SparseVector... rows) {
        return ClusterIndex.build(SparseRows.copyOf(List.of(rows)), itemsPerCluster);
    }

    private static SparseSearchOptions options(Mode mode, int k, float scoreMin) {
        return new SparseSearchOptions(50, 400, 200, k, scoreMin, Ranking.DOT, mode, OrdinalFilter.ALL);
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    @DisplayName("S13: a score of exactly the least is answered, in every mode")
    void aScoreOfExactlyTheLeastIsAnswered(Mode mode) {
        ClusterIndex index = index(10, row(3, 0.5f), row(3, 0.25f), row(3, 0.125f));
        Neighbors found = index.search(row(3, 2), options(mode, 10, 0.5f));
        assertThat(found.ordinals()).containsExactly(0, 1);
        assertThat(found.scores()).containsExactly(1f, 0.5f);
        assertThat(index.count()).isEqualTo(3);
    }

    @Test
    @DisplayName("S13: an exact search over cut lists reads all rows and answers none that share nothing")
    void anExactSearchOverCutListsReadsAllRows() {
        for (int more : new int[] {0, 1}) { // a list is kept whole up to eight times what is asked for
            List<SparseVector> rows = new ArrayList<>(List.of(row(3, 0.5f), row(3, 0.25f, 9, 4), row(8, 1), row(9, 2)));
            for (int i = 0; i < 6 + more; i++) {
                rows.add(row(3, 0.125f));
            }
            ClusterIndex index = ClusterIndex.build(SparseRows.copyOf(rows), 1);
            Neighbors found = index.search(row(3, 1), options(Mode.EXACT, 10, Float.NEGATIVE_INFINITY));
            assertThat(found.ordinals()).startsWith(0, 1, 4, 5, 6, 7, 8, 9).hasSize(8 + more);
            assertThat(found.stats().plan()).isEqualTo(more == 0 ? Plan.CLUSTERS_EXACT : Plan.EXACT);
            assertThat(found.stats().scored())
                    .as("those that share a cluster, or a scan")
                    .isEqualTo(8 + 3 * more);
        }
    }

    @Test
    @DisplayName("S13: an exact search over cut lists spares the rows where the dropped are too light")
    void anExactSearchOverCutListsSparesRowsWhereTheDroppedAreTooLight() {
        List<SparseVector> rows = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            rows.add(row(3, i < 4 ? 10 + i : 0.5f));
        }
        Neighbors found = index(4, rows.toArray(SparseVector[]::new))
                .search(row(3, 1), options(Mode.EXACT, 2, Float.NEGATIVE_INFINITY));
        assertThat(found.ordinals()).containsExactly(3, 2);
        assertThat(found.stats().plan()).isEqualTo(Plan.CLUSTERS_EXACT);
        assertThat(found.stats().scored()).isLessThanOrEqualTo(4);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 40})
    @DisplayName("S13: what the lists tell spares an exact search the rows that cannot be among the best")
    void boundsSpareRowsThatCannotBeAmongTheBest(int k) {
        List<SparseVector> rows = rowsOfAStrongAndAWeakCluster(6000);
        ClusterIndex index = ClusterIndex.build(SparseRows.copyOf(rows), 10_000);
        SparseVector query = row(3, 2, 7, 0.01);
        Neighbors found = index.search(query, options(Mode.EXACT, k, Float.NEGATIVE_INFINITY));
        assertThat(found.ordinals())
                .containsExactly(IntStream.range(0, k).map(i -> 59 - i).toArray());
        assertThat(found.stats().scored()).as("beside those that looked best").isLessThanOrEqualTo(2L);
        Neighbors least = index.search(row(3, 1), options(Mode.EXACT, 40, 58));
        assertThat(least.ordinals()).containsExactly(59, 58, 57);
    }

    /** 60 rows with cluster 3 by rising weight, and many with cluster 7 alone. */
    private static List<SparseVector> rowsOfAStrongAndAWeakCluster(int weak) {
        List<SparseVector> rows = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            rows.add(row(3, 1 + i, 7, 0.5));
        }
        for (int i = 0; i < weak; i++) {
            rows.add(row(7, 0.5));
        }
        return rows;
    }

    @Test
    @DisplayName("S13: bounds are never below a score and near it where lists are whole")
    void boundsAreNeverBelowAScore() {
        SparseVector[] rows = {row(1, 0.5f, 2, 2), row(1, 3), row(2, 0.25f), row(5, 1)};
        SparseVector query = row(1, 1, 2, 0.5f);
        double[] scores = {0.5 + 1, 3, 0.125, 0};
        for (int items : new int[] {1, 10}) {
            try (ScoreBounds bounds = index(items, rows).bounds(query, Ranking.DOT)) {
                for (int ordinal = 0; ordinal < rows.length; ordinal++) {
                    assertThat(bounds.upper(ordinal)).isGreaterThanOrEqualTo(scores[ordinal]);
                    if (items == 10) {
                        assertThat(bounds.upper(ordinal)).isCloseTo(scores[ordinal], within(1e-3));
                    }
                }
                assertThat(bounds.upperOfAll()).isGreaterThanOrEqualTo(3);
                if (items == 10) {
                    assertThat(bounds.upperOfAll()).isCloseTo(3, within(1e-2));
                }
                bounds.close();
            }
        }
    }

    /** Row i has column i with weight 1 + i; row n has all of them, halved. */
    private static ClusterIndex wide(int n) {
        List<SparseVector> rows = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            rows.add(row(i, 1 + i));
        }
        rows.add(even(n, 0.5f));
        return ClusterIndex.build(SparseRows.copyOf(rows), 5);
    }

    @ParameterizedTest
    @ValueSource(ints = {127, 128, 129, 300, 1023, 1024, 1025, 2500})
    @DisplayName("S13: rows, queries and lists of any number of clusters are read whole")
    void rowsQueriesAndListsOfAnyNumberAreReadWhole(int n) {
        SparseVector query = even(n, 1);
        for (Mode mode : Mode.values()) {
            SparseSearchOptions all = new SparseSearchOptions(
                    Integer.MAX_VALUE,
                    400,
                    n + 1,
                    n + 1,
                    Float.NEGATIVE_INFINITY,
                    Ranking.DOT,
                    mode,
                    OrdinalFilter.ALL);
            Neighbors found = wide(n).search(query, all); // one that has room for nothing yet
            assertThat(found.size()).isEqualTo(n + 1);
            for (int i = 0; i < found.size(); i++) {
                int ordinal = found.ordinals()[i];
                assertThat(found.scores()[i]).isEqualTo(ordinal == n ? n / 2f : 1 + ordinal);
            }
        }
        ClusterIndex index = wide(n);
        assertThat(index.search(query, options(Mode.EXACT, n + 1, 0)).size()).isEqualTo(n + 1);
        Neighbors one = index.search(row(n - 1, 1), options(Mode.EXACT, 3, Float.NEGATIVE_INFINITY));
        assertThat(one.ordinals()).as("nothing is left of the query before").containsExactly(n - 1, n);
        try (ScoreBounds bounds = index.bounds(query, Ranking.DOT)) {
            assertThat(bounds.upper(n - 1)).isCloseTo(n, within(1e-2));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @DisplayName("S13: a score between two floats is what its row adds up to, whatever the order of the lists")
    void aScoreBetweenTwoFloatsIsWhatTheRowAddsUpTo(boolean smallFirst) {
        float[] ascending = {0x1p-53f, 0x1p-24f, 0x1p-53f, 1};
        float[] descending = {1, 0x1p-24f, 0x1p-53f, 0x1p-53f};
        float[] weights = smallFirst ? ascending : descending;
        int[] columns = {0, 1, 2, 3};
        List<SparseVector> rows = new ArrayList<>(List.of(new SparseVector(columns, weights)));
        for (int i = 0; i < 12; i++) { // lists are read from the shortest on, the last cluster's
            rows.add(i < 8 ? row(0, 0x1p-60, 1, 0x1p-60) : row(0, 0x1p-60, 1, 0x1p-60, 2, 0x1p-60));
        }
        Neighbors found = ClusterIndex.build(SparseRows.copyOf(rows), 100)
                .search(even(4, 1), options(Mode.EXACT, 1, Float.NEGATIVE_INFINITY));
        double sum = 0;
        for (float weight : weights) {
            sum += weight;
        }
        assertThat(found.scores()).containsExactly((float) sum).containsExactly(smallFirst ? 1 + 0x1p-23f : 1);
    }

    @Test
    void aListKeepsOneItemAtLeast() {
        assertThat(index(1, row(2, 1), row(2, 3))
                        .search(row(2, 1), options(Mode.RESCORED, 5, Float.NEGATIVE_INFINITY))
                        .ordinals())
                .containsExactly(1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> index(0, row(2, 1)))
                .withMessage("itemsPerClusterMax must be at least 1: 0");
    }

    @Test
    @DisplayName("S13: bounds that are still open keep what they know while others are asked")
    void boundsThatAreOpenKeepWhatTheyKnow() {
        ClusterIndex index = index(9, row(1, 1), row(2, 5));
        ScoreBounds first = index.bounds(row(1, 2), Ranking.DOT);
        first.close();
        first.close();
        try (ScoreBounds one = index.bounds(row(1, 2), Ranking.DOT);
                ScoreBounds other = index.bounds(row(2, 1), Ranking.DOT)) {
            assertThat(one.upper(0)).isCloseTo(2, within(1e-2));
            assertThat(one.upper(1)).isZero();
            assertThat(other.upper(0)).isZero();
            assertThat(other.upper(1)).isCloseTo(5, within(1e-2));
        }
    }

    @Test
    @DisplayName("S13: norms of queries scale what an item must reach")
    void normsScaleWhatAnItemMustReach() {
        ClusterIndex index = ClusterIndex.build(SparseRows.copyOf(rowsOfAStrongAndAWeakCluster(6000)), 10_000);
        for (double norm : new double[] {0.01, 100}) {
            Neighbors found = index.search(
                    row(3, norm, 7, norm / 1000),
                    new SparseSearchOptions(
                            50, 400, 200, 5, Float.NEGATIVE_INFINITY, Ranking.COSINE, Mode.EXACT, OrdinalFilter.ALL));
            assertThat(found.ordinals()).containsExactly(59, 58, 57, 56, 55);
            assertThat(found.stats().scored()).isLessThanOrEqualTo(60L);
        }
    }
}
