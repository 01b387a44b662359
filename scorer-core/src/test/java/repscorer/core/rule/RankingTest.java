package repscorer.core.rule;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import repscorer.testing.Seeds;

class RankingTest {

    @Test
    void ranksAsAComparatorOfObjectsDoes() {
        RandomGenerator random = Seeds.random("RankingTest");
        for (int round = 0; round < 200; round++) {
            int n = random.nextInt(80);
            double[] scores = new double[n];
            for (int i = 0; i < n; i++) {
                scores[i] = switch (random.nextInt(6)) {
                    case 0 -> 0.0;
                    case 1 -> -0.0;
                    case 2 -> Double.POSITIVE_INFINITY;
                    default -> random.nextInt(5) - 2;
                };
            }
            int[] ids = random.ints().distinct().limit(n).toArray();
            int[] places =
                    IntStream.range(0, n).filter(i -> random.nextInt(5) > 0).toArray();
            List<Integer> expected = IntStream.of(places)
                    .boxed()
                    .sorted(Comparator.comparingDouble((Integer i) -> -scores[i])
                            .thenComparing(i -> ids[i]))
                    .toList();
            Ranking.sort(places, scores, (a, b) -> Integer.compare(ids[a], ids[b]));
            assertThat(IntStream.of(places).boxed().toList()).isEqualTo(expected);
        }
    }

    @Test
    void theBestComeFirstInTheirOrderAndTheOthersFollow() {
        RandomGenerator random = Seeds.random("RankingTest");
        for (int round = 0; round < 500; round++) {
            int n = random.nextInt(400);
            int kinds = 1 + random.nextInt(500);
            double[] scores =
                    random.doubles(n).map(score -> Math.rint(score * kinds)).toArray();
            if (random.nextInt(4) == 0) {
                Arrays.sort(scores);
            }
            int[] ids = random.ints().distinct().limit(n).toArray();
            int[] places = IntStream.range(0, n).toArray();
            int[] whole = places.clone();
            Ranking.sort(whole, scores, (a, b) -> Integer.compare(ids[a], ids[b]));
            int count = random.nextInt(n + 2);
            Ranking.best(places, count, scores, (a, b) -> Integer.compare(ids[a], ids[b]));
            assertThat(Arrays.copyOf(places, Math.min(count, n)))
                    .as("the best %s of %s", count, n)
                    .isEqualTo(Arrays.copyOf(whole, Math.min(count, n)));
            assertThat(places).containsExactlyInAnyOrder(whole);
        }
    }
}
