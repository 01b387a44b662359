package repscorer.api.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import repscorer.testing.Seeds;

/** Quotas of requests and rows over time. */
class RequestRateTest {

    private static final double SECOND = 1e9;

    @Test
    void aBurstIsLetInAtOnceAndThenSoManyASecond() {
        RequestRate rate = new RequestRate(0);
        for (int i = 0; i < 3; i++) {
            assertThat(rate.take(2, 3, 0)).as("request %s of the burst", i).isZero();
        }
        assertThat(rate.take(2, 3, 0)).as("half a second apart").isEqualTo(500_000_000);
        assertThat(rate.take(2, 3, 499_999_999)).isEqualTo(1);
        assertThat(rate.take(2, 3, 500_000_000)).isZero();
        assertThat(rate.take(2, 3, 500_000_000)).isEqualTo(500_000_000);
    }

    @Test
    void itLetsInWhatABucketOfTokensDoes() {
        RandomGenerator random = Seeds.random("request rate");
        for (int trial = 0; trial < 50; trial++) {
            double perSecond = Math.pow(2, random.nextInt(12) - 2); // apart by whole nanoseconds
            int burst = 1 + random.nextInt(20);
            RequestRate rate = new RequestRate(0);
            double tokens = burst;
            long now = 0;
            for (int i = 0; i < 500; i++) {
                long step = (long) (random.nextDouble() * 2 * SECOND / perSecond);
                now += step;
                tokens = Math.min(burst, tokens + step * perSecond / SECOND);
                double away = Math.abs(tokens - 1);
                boolean admitted = rate.take(perSecond, burst, now) == 0;
                if (away > 1e-6) {
                    assertThat(admitted)
                            .as("%s a second, burst %s, step %s", perSecond, burst, i)
                            .isEqualTo(tokens >= 1);
                }
                tokens -= admitted ? 1 : 0;
            }
        }
    }

    @Test
    void aDayEndsAtMidnight() {
        DayCount rows = new DayCount();
        long noon = 12 * 3_600_000L;
        assertThat(rows.take(3, 5, noon)).isEqualTo(3);
        assertThat(rows.take(3, 5, noon)).as("what is left").isEqualTo(2);
        assertThat(rows.take(1, 5, noon)).isZero();
        assertThat(rows.left(7, noon)).as("of a quota that was raised").isEqualTo(2);
        assertThat(rows.left(4, noon)).as("of one that was lowered").isZero();
        assertThat(DayCount.secondsLeft(noon)).isEqualTo(12 * 3_600);
        assertThat(rows.take(9, 5, 2 * noon)).as("the next day").isEqualTo(5);
    }
}
