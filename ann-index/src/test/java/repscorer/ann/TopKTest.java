package repscorer.ann;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import repscorer.testing.BruteForce;
import repscorer.testing.BruteForce.Scored;
import repscorer.testing.Seeds;

class TopKTest {

    private static final SearchStats STATS = new SearchStats(SearchStats.Plan.EXACT, 0, 0);

    @Test
    void keepsTheBestOfAnyStreamWithTiesByOrdinal() {
        RandomGenerator random = Seeds.random("TopKTest");
        for (int round = 0; round < 300; round++) {
            int n = random.nextInt(1, 700);
            int k = random.nextInt(1, 600);
            float[] scores = new float[n];
            for (int i = 0; i < n; i++) {
                scores[i] = random.nextInt(20) == 0 ? Float.NaN : random.nextInt(-20, 20) / 4f;
            }
            TopK best = new TopK(k);
            for (int i = 0; i < n; i++) {
                best.offer(i, scores[i]);
            }
            List<Scored> expected = BruteForce.topK(n, i -> true, i -> scores[i], k);
            Neighbors found = best.drain(STATS);
            assertThat(found.size()).isEqualTo(expected.size());
            for (int i = 0; i < found.size(); i++) {
                assertThat(found.ordinals()[i]).isEqualTo(expected.get(i).ordinal());
                assertThat((double) found.scores()[i]).isEqualTo(expected.get(i).score());
            }
        }
    }

    @Test
    void keysOrderAsScoresDoAndGiveThemBack() {
        float[] ascending = {
            Float.NEGATIVE_INFINITY,
            -Float.MAX_VALUE,
            -1,
            -Float.MIN_VALUE,
            0,
            Float.MIN_VALUE,
            1,
            Float.POSITIVE_INFINITY
        };
        for (int i = 0; i < ascending.length; i++) {
            assertThat(TopK.score(TopK.key(7, ascending[i]))).isEqualTo(ascending[i]);
            if (i > 0) {
                assertThat(TopK.key(7, ascending[i])).isGreaterThan(TopK.key(0, ascending[i - 1]));
            }
        }
        assertThat(TopK.ordinal(TopK.key(Integer.MAX_VALUE, -1))).isEqualTo(Integer.MAX_VALUE);
        assertThat(TopK.key(3, 1)).isGreaterThan(TopK.key(4, 1));
        assertThat(TopK.key(3, -0f)).isEqualTo(TopK.key(3, 0f));
    }

    @Test
    void canBeUsedAgainWithAnotherK() {
        TopK best = new TopK(1);
        best.offer(0, 1);
        best.reset(3);
        best.offer(5, 2);
        best.offer(4, 2);
        assertThat(best.isFull()).isFalse();
        assertThat(best.drain(STATS).ordinals()).containsExactly(4, 5);
        assertThat(best.size()).isZero();
        assertThatThrownBy(() -> best.reset(0)).hasMessage("k must be at least 1: 0");
    }
}
