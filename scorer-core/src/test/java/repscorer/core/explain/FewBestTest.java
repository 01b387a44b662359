package repscorer.core.explain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import repscorer.testing.Seeds;

class FewBestTest {

    @Test
    void keepsWhatASortWouldPutFirst() {
        RandomGenerator random = Seeds.random("FewBestTest");
        for (int round = 0; round < 500; round++) {
            int few = 1 + random.nextInt(6);
            double[] values = random.doubles(random.nextInt(30))
                    .map(value -> value < 0.1 ? Double.NaN : Math.rint(8 * value) - 4)
                    .toArray();
            FewBest best = new FewBest(few, (a, b) -> Integer.compare(b, a)); // of equals the later one
            best.offer(99, 7);
            best.clear();
            for (int i = 0; i < values.length; i++) {
                best.offer(i, values[i]);
            }
            List<Integer> expected = IntStream.range(0, values.length)
                    .filter(i -> !Double.isNaN(values[i]))
                    .boxed()
                    .sorted(Comparator.comparingDouble((Integer i) -> -values[i])
                            .thenComparing(Comparator.reverseOrder()))
                    .limit(few)
                    .toList();
            assertThat(IntStream.range(0, best.size()).map(best::item).boxed().toList())
                    .isEqualTo(expected);
            assertThat(IntStream.range(0, best.size()).mapToObj(best::value).toList())
                    .isEqualTo(expected.stream().map(i -> values[i]).toList());
        }
    }
}
