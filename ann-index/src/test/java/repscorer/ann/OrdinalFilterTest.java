package repscorer.ann;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import repscorer.testing.Seeds;

class OrdinalFilterTest {

    @Test
    void whatIsGatheredIsWhatIsAccepted() {
        RandomGenerator random = Seeds.random("OrdinalFilterTest");
        for (int round = 0; round < 500; round++) {
            int count = random.nextInt(400);
            int dense = random.nextInt(100);
            BitSet ordinals = new BitSet();
            IntStream.range(0, count + 40)
                    .filter(i -> random.nextInt(100) < dense)
                    .forEach(ordinals::set);
            long[] times = random.longs(count, 0, 10).toArray();
            for (OrdinalFilter filter : List.of(
                    OrdinalFilter.ALL,
                    OrdinalFilter.allow(ordinals),
                    OrdinalFilter.deny(ordinals),
                    OrdinalFilter.between(times, 3, 8),
                    OrdinalFilter.deny(ordinals).and(OrdinalFilter.between(times, 1, 9)))) {
                int[] into = new int[1 + random.nextInt(64)];
                int from = random.nextInt(count + 2);
                int[] expected = IntStream.range(from, Math.max(from, count))
                        .filter(filter::accepts)
                        .limit(into.length)
                        .toArray();
                int n = filter.gather(from, count, into);
                assertThat(IntStream.of(into).limit(n))
                        .as("%s", filter)
                        .containsExactly(IntStream.of(expected).boxed().toArray(Integer[]::new));
            }
        }
    }
}
