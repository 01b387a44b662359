package repscorer.core.rule;

import static org.assertj.core.api.Assertions.assertThat;

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
}
