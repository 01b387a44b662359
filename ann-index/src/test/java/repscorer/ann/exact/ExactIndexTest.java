package repscorer.ann.exact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import repscorer.ann.Neighbors;
import repscorer.ann.OrdinalFilter;
import repscorer.ann.SearchOptions;
import repscorer.ann.SearchStats;
import repscorer.testing.BruteForce;
import repscorer.testing.BruteForce.Scored;
import repscorer.testing.Seeds;
import repscorer.testing.SyntheticVectors;
import repscorer.vector.DenseRows;
import repscorer.vector.Metric;

class ExactIndexTest {

    private final RandomGenerator random = Seeds.random("ExactIndexTest");

    @ParameterizedTest
    @EnumSource
    void answersWhatBruteForceDoes(Metric metric) {
        for (int round = 0; round < 20; round++) {
            int count = random.nextInt(1, 400);
            float[][] rows = SyntheticVectors.clustered(random, count, random.nextInt(1, 70), 5, 0.5);
            float[] query = SyntheticVectors.gaussian(random, 1, rows[0].length)[0];
            int k = random.nextInt(1, 50);
            Neighbors found = new ExactIndex(DenseRows.copyOf(rows), metric).search(query, SearchOptions.of(k));
            List<Scored> truth = BruteForce.topK(BruteForce.Dense.valueOf(metric.name()), rows, query, k);
            assertThat(found.size()).isEqualTo(truth.size());
            for (int i = 0; i < truth.size(); i++) {
                assertThat((double) found.scores()[i]).isEqualTo(truth.get(i).score(), within(1e-3));
            }
            SearchStats.End end = k > found.size() ? SearchStats.End.EXHAUSTED : SearchStats.End.DONE;
            assertThat(found.stats()).isEqualTo(new SearchStats(SearchStats.Plan.EXACT, count, 0).ended(end));
        }
    }

    @Test
    void tiesComeByAscendingOrdinalAlsoAtTheCut() {
        float[][] rows = new float[50][];
        Arrays.setAll(rows, i -> i % 2 == 0 ? new float[] {1, 0} : new float[] {0, 1});
        Neighbors found = index(rows, Metric.COSINE).search(new float[] {0, 2}, SearchOptions.of(5));
        assertThat(found.ordinals()).containsExactly(1, 3, 5, 7, 9);
    }

    @Test
    void zeroAndUndefinedRowsNeverRank() {
        float nan = Float.NaN;
        float[][] rows = {{0, 0}, {nan, 1}, {-1, 0}, {1, 1}};
        assertThat(index(rows, Metric.COSINE)
                        .search(new float[] {1, 0}, SearchOptions.of(10))
                        .ordinals())
                .containsExactly(3, 2);
        assertThat(index(rows, Metric.L2)
                        .search(new float[] {1, 0}, SearchOptions.of(10))
                        .ordinals())
                .containsExactly(0, 3, 2);
    }

    @Test
    void onlyAcceptedRowsAtOrAboveTheLeastScore() {
        float[][] rows = {{5}, {4}, {3}, {2}, {1}};
        BitSet denied = new BitSet();
        denied.set(1);
        SearchOptions options =
                SearchOptions.of(9).withFilter(OrdinalFilter.deny(denied)).withScoreMin(2);
        Neighbors found = index(rows, Metric.INNER_PRODUCT).search(new float[] {1}, options);
        assertThat(found.ordinals()).containsExactly(0, 2, 3);
        assertThat(found.scores()).containsExactly(5, 3, 2);
        assertThat(found.stats().scored()).isEqualTo(4);
    }

    @Test
    void anEmptyIndexAndAHugeKAreFine() {
        ExactIndex empty = new ExactIndex(DenseRows.of(MemorySegment.NULL, MemorySegment.NULL, 0, 3), Metric.L2);
        assertThat(empty.search(new float[3], SearchOptions.of(10)).size()).isZero();
        assertThat(index(new float[][] {{1}, {2}}, Metric.L2)
                        .search(new float[1], SearchOptions.of(Integer.MAX_VALUE))
                        .ordinals())
                .containsExactly(0, 1);
    }

    @Test
    void wrongQueriesAreRefusedWithRuleValueAndPlace() {
        ExactIndex index = index(new float[][] {{1, 2, 3}}, Metric.COSINE);
        SearchOptions options = SearchOptions.of(1);
        assertThatThrownBy(() -> index.search(new float[2], options))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("dimension differs: the index has 3, the query has 2");
        assertThatThrownBy(() -> index.search(new float[] {1, Float.NaN, 1}, options))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("query values must be finite: NaN at place 1 of 3");
        assertThatThrownBy(() -> index.search(new float[] {1, 1, Float.NEGATIVE_INFINITY}, options))
                .hasMessage("query values must be finite: -Infinity at place 2 of 3");
        assertThatThrownBy(() -> index.search(new float[3], options))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must not be zero");
        float max = Float.MAX_VALUE;
        assertThatThrownBy(() -> index.search(new float[] {max, max, max}, options))
                .hasMessageContaining("finite norm");
    }

    @Test
    void zeroQueriesAreFineUnderTheOtherMetrics() {
        assertThat(index(new float[][] {{3, 4}}, Metric.L2)
                        .search(new float[2], SearchOptions.of(1))
                        .scores())
                .containsExactly(-5);
        assertThat(index(new float[][] {{3, 4}}, Metric.INNER_PRODUCT)
                        .search(new float[2], SearchOptions.of(1))
                        .scores())
                .containsExactly(0);
    }

    private static ExactIndex index(float[][] rows, Metric metric) {
        return new ExactIndex(DenseRows.copyOf(rows), metric);
    }
}
