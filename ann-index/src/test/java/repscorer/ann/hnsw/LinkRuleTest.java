package repscorer.ann.hnsw;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import repscorer.vector.DenseRows;
import repscorer.vector.Metric;

/**
 * Lists of two kinds of links among fourteen rows around (10, 10): twelve on a circle, row i at 30 · i degrees; one far out
 * at 45 degrees and one opposite, so that (10, 10) is the mean.
 */
class LinkRuleTest {

    private static final int CIRCLE = 12;
    private static final int FAR = CIRCLE;
    private static final int COUNT = CIRCLE + 2;

    private final DenseRows rows = DenseRows.copyOf(IntStream.range(0, COUNT)
            .mapToObj(row -> {
                double angle = Math.toRadians(row < CIRCLE ? 30 * row : row == FAR ? 45 : 225);
                double distance = row < CIRCLE ? 1 : 5;
                double x = 10 + distance * Math.cos(angle);
                double y = 10 + distance * Math.sin(angle);
                return new float[] {(float) x, (float) y};
            })
            .toArray(float[][]::new));
    private final FloatScorer scorer = new FloatScorer(rows, Metric.INNER_PRODUCT);
    private final LinkRule rule = LinkRule.of(scorer, IntStream.range(0, COUNT).toArray(), COUNT, 2);
    private final BuildScratch scratch = new BuildScratch(COUNT, 2, COUNT, 3);

    /** Puts the candidates for an owner's list in front, in no order, scored. */
    private int put(int owner, int... candidates) {
        System.arraycopy(candidates, 0, scratch.ids, 0, candidates.length);
        scorer.prepareRow(scratch.search.query, owner);
        scorer.score(scratch.search.query, scratch.ids, candidates.length, scratch.scores);
        return candidates.length;
    }

    private int[] list(int n, int owner) {
        float[] expected = new float[n];
        scorer.prepareRow(scratch.search.query, owner);
        scorer.score(scratch.search.query, scratch.ids, n, expected);
        assertThat(Arrays.copyOf(scratch.scores, n)).as("the links' own scores").containsExactly(expected);
        return Arrays.copyOf(scratch.ids, n);
    }

    private static final int[] OTHERS = {9, 2, 7, 11, 4, 1, 10, 5, 8, 3, 6};

    @Test
    @DisplayName("a row that all inner products lead past to one other links on both sides by direction")
    void directionsFillWhatProductsLeaveFree() {
        // By products the best is 1, and all are closer to it than to 0. By direction 1 and 11 are, and 6.
        assertThat(list(rule.chooseAnew(scratch, 0, put(0, OTHERS), 8), 0)).containsExactly(1, 11, 6);
        assertThat(list(rule.chooseAnew(scratch, 0, put(0, OTHERS), 2), 0)).containsExactly(1, 11);
        assertThat(list(rule.chooseAtLeast(scratch, 0, put(0, OTHERS), 5), 0))
                .startsWith(1, 11, 6)
                .containsExactlyInAnyOrder(1, 11, 6, 2, 10);
        int[] butNine = {0, 2, 7, 11, 4, 1, 10, 5, 8, 3, 6};
        assertThat(list(rule.chooseAnew(scratch, 9, put(9, butNine), 2), 9))
                .as("the best by products, though others lie nearer; then the nearest")
                .containsExactly(1, 8);
    }

    @Test
    @DisplayName("where products would take all places, a quarter is left to directions")
    void productsTakeThreeQuartersFirst() {
        // All are closer to the far row than to each other by products: 1 and 2 before 0 and 3. By direction 1 and 2; 6
        // and 9.
        int[] circle = {9, 2, 7, 0, 11, 4, 1, 10, 5, 8, 3, 6};
        int[] four = list(rule.chooseAnew(scratch, FAR, put(FAR, circle), 4), FAR);
        assertThat(four).hasSize(4).contains(1, 2).containsAnyOf(0, 3).containsAnyOf(6, 9);
        assertThat(four[3]).isIn(6, 9);
        assertThat(list(rule.chooseAnew(scratch, FAR, put(FAR, circle), CIRCLE), FAR))
                .containsExactlyInAnyOrder(IntStream.range(0, CIRCLE).toArray());
    }

    @Test
    void aRowsCandidatesAreChosenKindByKind() {
        assertThat(rule.kinds()).isEqualTo(2);
        for (int kind = 0; kind < 2; kind++) {
            RowScorer by = rule.by(kind);
            int n = put(0, OTHERS);
            by.prepareRow(scratch.search.query, 0);
            by.score(scratch.search.query, scratch.ids, n, scratch.scores);
            scratch.sort(n);
            int links = rule.choose(kind, 3, scratch, n, 8);
            if (kind == 0) {
                assertThat(links).isZero();
            } else {
                assertThat(list(links, 0)).containsExactly(1, 11, 6);
            }
        }
        assertThat(rule.by(1)).isSameAs(scorer).isSameAs(rule.scorer());
        assertThat(rule.nearness()).isInstanceOf(LinkRule.DirectionScorer.class).isSameAs(rule.by(0));
    }

    @Test
    void otherMetricsKnowOneKind() {
        for (Metric metric : new Metric[] {Metric.COSINE, Metric.L2}) {
            FloatScorer one = new FloatScorer(rows, metric);
            LinkRule alone = LinkRule.of(one, new int[] {0}, COUNT, 2);
            assertThat(alone.kinds()).isOne();
            assertThat(alone.by(0)).isSameAs(one).isSameAs(alone.nearness());
        }
    }
}
