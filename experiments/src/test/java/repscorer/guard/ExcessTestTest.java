package repscorer.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.random.RandomGenerator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import repscorer.testing.Seeds;

@DisplayName("Issue 19: a guard-rail's alarm may be looked at at any time")
class ExcessTestTest {

    private static final double LEVEL = 0.05;

    /** Two streams that are watched from beginning to end; answers after how many observations the alarm came, or 0. */
    private static int watched(
            RandomGenerator random, double control, double variant, double excess, int length, boolean between) {
        double[] sums = new double[2];
        long[] counts = new long[2];
        for (int i = 1; i <= length; i++) {
            int of = random.nextInt(2);
            counts[of]++;
            double mean = of == 0 ? control : variant;
            // Between: uniform up to twice the mean. Else 0 or 1.
            sums[of] += between ? 2 * mean * random.nextDouble() : random.nextDouble() < mean ? 1 : 0;
            if (i % 8 == 0 && ExcessTest.exceeds(sums[0], counts[0], sums[1], counts[1], excess, LEVEL)) {
                return i;
            }
        }
        return 0;
    }

    private static double alarms(int runs, double control, double variant, double excess, int length, boolean between) {
        RandomGenerator random = Seeds.random("guard-rails");
        int alarms = 0;
        for (int run = 0; run < runs; run++) {
            alarms += watched(random, control, variant, excess, length, between) > 0 ? 1 : 0;
        }
        return alarms / (double) runs;
    }

    @Test
    void equalArmsRaiseFewerFalseAlarmsThanTheLevelHoweverOftenOneLooks() {
        assertThat(alarms(300, .1, .1, 0, 2_000, false)).isLessThanOrEqualTo(LEVEL);
        assertThat(alarms(300, .5, .5, 0, 1_000, false)).isLessThanOrEqualTo(LEVEL);
    }

    @Test
    void aVariantThatIsAsMuchWorseAsIsAllowedRaisesFewToo() {
        assertThat(alarms(300, .02, .05, .03, 2_000, false)).isLessThanOrEqualTo(LEVEL);
        assertThat(alarms(300, .3, .4, .1, 2_000, true)).isLessThanOrEqualTo(LEVEL);
    }

    @Test
    void aBrokenVariantIsToldWithinItsFirstThousandExposures() {
        RandomGenerator random = Seeds.random("guard-rails");
        for (int run = 0; run < 100; run++) {
            assertThat(watched(random, .01, 1, .02, 200, false))
                    .as("all broken")
                    .isBetween(1, 60);
            assertThat(watched(random, .02, .2, .02, 1_000, false))
                    .as("a fifth broken")
                    .isPositive();
        }
    }

    /** The mixture by its predictions one after the other, and the null by a grid: no formula in common. */
    @Test
    void itIsTheLeastOfAllPairsOfMeansThatAreAllowed() {
        RandomGenerator random = Seeds.random("guard-rails");
        int raised = 0;
        for (int i = 0; i < 300; i++) {
            int control = 1 + random.nextInt(40);
            int variant = 1 + random.nextInt(40);
            int ofControl = random.nextInt(control + 1) / 2;
            int ofVariant = random.nextInt(variant + 1);
            double excess = random.nextInt(4) / 10.0;
            double least = Double.POSITIVE_INFINITY;
            for (int p = 0; p <= 500; p++) {
                for (int q = 0; q <= 500; q += p % 50 == 0 ? 1 : 500) {
                    double to = p / 500.0;
                    double most = Math.min(1, to + excess);
                    double of = p % 50 == 0 ? most * q / 500 : most;
                    least = Math.min(least, log(ofControl, control, to) + log(ofVariant, variant, of));
                }
            }
            boolean exceeds = ExcessTest.exceeds(ofControl, control, ofVariant, variant, excess, LEVEL);
            if (Math.abs(least - Math.log(1 / LEVEL)) > .05) {
                assertThat(exceeds)
                        .as("%s of %s, %s of %s, excess %s", ofControl, control, ofVariant, variant, excess)
                        .isEqualTo(least > Math.log(1 / LEVEL));
                raised += exceeds ? 1 : 0;
            }
        }
        assertThat(raised).isGreaterThan(20);
    }

    private static double log(int ones, int count, double p) {
        double log = 0;
        int seen = 0;
        for (int i = 0; i < count; i++) {
            boolean one = i < ones;
            log += Math.log(one ? (seen + .5) / (i + 1) : (i - seen + .5) / (i + 1)) - Math.log(one ? p : 1 - p);
            seen += one ? 1 : 0;
        }
        return log;
    }
}
