package repscorer.core.recall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import repscorer.testing.Seeds;

class MeanIntervalTest {

    private static final int RUNS = 500;
    private static final int VALUES = 150;

    /** A search finds all of ten, or misses some: shares of ten, most of them 1. */
    private static double recall(RandomGenerator random, double missing) {
        int found = 10;
        for (int i = 0; i < 10; i++) {
            found -= random.nextDouble() < missing ? 1 : 0;
        }
        return found / 10.0;
    }

    @Test
    void theIntervalHoldsTheTruthAtAllTimesInNineteenOfTwentyRuns() {
        RandomGenerator random = Seeds.random("MeanIntervalTest");
        int held = 0;
        double widths = 0;
        for (int run = 0; run < RUNS; run++) {
            double missing = random.nextDouble() * .2;
            MeanInterval interval = new MeanInterval();
            boolean holds = true;
            for (int i = 0; i < VALUES; i++) {
                interval.add(recall(random, missing));
                holds &= interval.lower() <= 1 - missing && 1 - missing <= interval.upper();
            }
            held += holds ? 1 : 0;
            widths += interval.upper() - interval.lower();
        }
        // 95 % are promised; that 500 runs of so many have fewer than 92 % has a chance of one in a thousand.
        assertThat((double) held / RUNS).isGreaterThan(.92);
        assertThat(widths / RUNS).as("and says something").isLessThan(.1);
    }

    @Test
    void anIndexThatFindsAllIsKnownToAThirtiethByTwoHundredValues() {
        MeanInterval interval = new MeanInterval();
        assertThat(interval.lower()).isZero();
        assertThat(interval.upper()).isEqualTo(1);
        for (int i = 0; i < 200; i++) {
            interval.add(1);
        }
        assertThat(interval.mean()).isEqualTo(1);
        assertThat(interval.upper()).isEqualTo(1);
        assertThat(interval.lower()).isGreaterThan(1 - 1 / 30.0);
        MeanInterval half = new MeanInterval();
        for (int i = 0; i < 2000; i++) {
            half.add(i % 2);
        }
        assertThat(half.lower()).isBetween(.42, .5);
        assertThat(half.upper()).isBetween(.5, .58);
    }

    @Test
    void whatIsNoShareIsRefused() {
        assertThatThrownBy(() -> new MeanInterval().add(Double.NaN)).hasMessageContaining("value must be 0 to 1: NaN");
        assertThatThrownBy(() -> new MeanInterval().add(1.1)).hasMessageContaining("1.1");
    }
}
