package repscorer.ann.hnsw;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import repscorer.testing.Seeds;
import repscorer.testing.SyntheticVectors;
import repscorer.vector.DenseRows;
import repscorer.vector.Metric;

class InsertionOrderTest {

    private static final int ROWS = 5_000;
    private static final int SORTED = 4_500;

    private final RandomGenerator random = Seeds.random("InsertionOrderTest");
    private final DenseRows rows = DenseRows.copyOf(SyntheticVectors.clustered(random, ROWS, 16, 40, 0.3));

    private int[] sorted() {
        int[] members = IntStream.range(0, ROWS).toArray();
        InsertionOrder.sort(members, SORTED, new FloatScorer(rows, Metric.COSINE), rows.dimension());
        return members;
    }

    @Test
    void everyStretchKeepsItsRowsAndTheFirstAndTheRestStay() {
        int[] members = sorted();
        assertThat(members).isEqualTo(sorted());
        for (int start = InsertionOrder.FIRST, end; start < SORTED; start = end) {
            end = Math.min(SORTED, 2 * start);
            int[] slackCurve = Arrays.copyOfRange(members, start, end);
            assertThat(slackCurve).doesNotHaveDuplicates().isNotEqualTo(range(start, end));
            assertThat(slackCurve)
                    .containsExactlyInAnyOrder(
                            Arrays.stream(range(start, end)).boxed().toArray(Integer[]::new));
        }
        assertThat(Arrays.copyOf(members, InsertionOrder.FIRST)).isEqualTo(range(0, InsertionOrder.FIRST));
        assertThat(Arrays.copyOfRange(members, SORTED, ROWS)).isEqualTo(range(SORTED, ROWS));
    }

    @Test
    void rowsGoByTheNearestPivotAndPivotsByTheNearestOfThoseLeft() {
        int n = 1_500; // of which the last 476 are one stretch
        int[] members = range(0, n);
        InsertionOrder.sort(members, n, new FloatScorer(rows, Metric.COSINE), rows.dimension());
        List<Integer> left = new ArrayList<>();
        for (int i = 0; i < 256; i++) {
            left.add(InsertionOrder.FIRST + i * 476 / 256);
        }
        List<Integer> pivots = new ArrayList<>();
        float[][] scores = new float[256][];
        for (int row = left.getFirst(); pivots.size() < 256; ) {
            float[] scored = scores(row);
            scores[pivots.size()] = scored;
            pivots.add(row);
            left.remove((Integer) row);
            row = left.stream().max(Comparator.comparing(each -> scored[each])).orElse(row);
        }
        int[] nearest = new int[n];
        for (int row = InsertionOrder.FIRST; row < n; row++) {
            for (int pivot = 1; pivot < 256; pivot++) {
                nearest[row] = scores[pivot][row] > scores[nearest[row]][row] ? pivot : nearest[row];
            }
        }
        assertThat(Arrays.stream(members).skip(InsertionOrder.FIRST).boxed())
                .containsExactlyElementsOf(IntStream.range(InsertionOrder.FIRST, n)
                        .boxed()
                        .sorted(Comparator.comparing(row -> nearest[row]))
                        .toList());
    }

    /** Of all rows. */
    private float[] scores(int query) {
        FloatScorer scorer = new FloatScorer(rows, Metric.COSINE);
        PreparedQuery prepared = new PreparedQuery(rows.dimension());
        float[] scores = new float[ROWS];
        scorer.prepareRow(prepared, query);
        scorer.score(prepared, range(0, ROWS), ROWS, scores);
        return scores;
    }

    @Test
    void rowsOfOneNeighbourhoodFollowEachOther() {
        int[] members = sorted();
        assertThat(closeness(members)).isGreaterThan(closeness(range(0, ROWS)) + 0.3);
    }

    /** The mean cosine of rows linked one after the other. */
    private double closeness(int[] members) {
        double sum = 0;
        for (int i = InsertionOrder.FIRST + 1; i < SORTED; i++) {
            sum += rows.score(Metric.COSINE, rows.row(members[i]), rows.norm(members[i]), members[i - 1]);
        }
        return sum / (SORTED - InsertionOrder.FIRST - 1);
    }

    private static int[] range(int start, int end) {
        return IntStream.range(start, end).toArray();
    }
}
