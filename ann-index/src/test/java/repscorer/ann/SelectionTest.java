package repscorer.ann;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import repscorer.testing.Seeds;

class SelectionTest {

    @Test
    void theGreatestComeFirstAndTheLeastOfThemLast() {
        RandomGenerator random = Seeds.random("SelectionTest");
        for (int round = 0; round < 2_000; round++) {
            int n = 1 + random.nextInt(300);
            long bound = 1 + random.nextInt(400);
            long[] keys = random.longs(n, -bound, bound).toArray();
            if (random.nextInt(4) == 0) {
                Arrays.sort(keys);
            }
            check(keys, 1 + random.nextInt(n));
        }
    }

    @Test
    void keysThatPivotsFallBadlyForAreSelectedToo() {
        for (int n : new int[] {2, 3, 64, 1_000, 4_097}) {
            long[] pipe = new long[n]; // rises and falls again, so that the median of three is always near an end
            for (int i = 0; i < n; i++) {
                pipe[i] = Math.min(i, n - 1 - i);
            }
            check(pipe, Math.max(1, n / 3));
            check(new long[n], n);
            long[] extremes = new long[n];
            Arrays.setAll(extremes, i -> i % 2 == 0 ? Long.MIN_VALUE : Long.MAX_VALUE);
            check(extremes, (n + 1) / 2);
        }
    }

    private static void check(long[] keys, int count) {
        long[] sorted = keys.clone();
        Arrays.sort(sorted);
        long[] selected = keys.clone();
        Selection.greatestFirst(selected, selected.length, count);
        long[] front = Arrays.copyOf(selected, count);
        assertThat(front[count - 1]).isEqualTo(sorted[keys.length - count]);
        Arrays.sort(front);
        assertThat(front).isEqualTo(Arrays.copyOfRange(sorted, keys.length - count, keys.length));
        Arrays.sort(selected);
        assertThat(selected).as("all are still there").isEqualTo(sorted);
    }
}
