package repscorer.ann;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
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

    @Test
    @DisplayName("S13: the best k of any number of scores are kept, in any order in which they come")
    void theBestAreKeptWhetherTheWorstIsAskedOrNot() {
        RandomGenerator random = Seeds.random("TopKTest");
        TopK best = new TopK(1);
        TopK asked = new TopK(1);
        for (int round = 0; round < 300; round++) {
            int count = random.nextInt(0, 4000);
            int k = random.nextInt(5) == 0 ? 1 : random.nextInt(1, 1500);
            int different = 1 << random.nextInt(1, 16);
            int order = random.nextInt(3);
            float[] scores = new float[count];
            for (int i = 0; i < count; i++) {
                scores[i] = order == 0 ? random.nextInt(different) : order == 1 ? i / 4 : (count - i) / 4;
            }
            List<Integer> expected = IntStream.range(0, count)
                    .boxed()
                    .sorted(Comparator.comparingDouble((Integer i) -> -scores[i])
                            .thenComparing(i -> i))
                    .limit(k)
                    .toList();
            float kth = expected.size() < k ? Float.NEGATIVE_INFINITY : scores[expected.getLast()];
            best.reset(k);
            asked.reset(k);
            for (int i = 0; i < count; i++) {
                best.offer(i, scores[i]);
                asked.offer(i, scores[i]);
                assertThat(asked.worst()).isLessThanOrEqualTo(kth);
            }
            if (round % 2 == 0) {
                assertThat(best.size()).isEqualTo(expected.size());
                assertThat(best.worst()).isEqualTo(kth);
            }
            assertThat(asked.worst()).isEqualTo(kth);
            Neighbors found = best.drain(STATS);
            assertThat(found.ordinals())
                    .isEqualTo(expected.stream().mapToInt(i -> i).toArray());
            for (int i = 0; i < found.size(); i++) {
                assertThat(found.scores()[i]).isEqualTo(scores[found.ordinals()[i]]);
            }
            assertThat(asked.drain(STATS).ordinals()).isEqualTo(found.ordinals());
            assertThat(best.size()).isZero();
        }
    }
}
