package repscorer.core.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import repscorer.testing.Seeds;

class DistributionTest {

    /** By counting, in exact decimals: the value that has so many others below it, and its neighbour in proportion. */
    private static double quantile(double[] values, int percent) {
        BigDecimal place = BigDecimal.valueOf(percent)
                .multiply(BigDecimal.valueOf(values.length - 1))
                .movePointLeft(2);
        BigDecimal whole = new BigDecimal(place.toBigInteger());
        BigDecimal low = new BigDecimal(ranked(values, whole.intValue()));
        BigDecimal high = new BigDecimal(ranked(values, Math.min(values.length - 1, whole.intValue() + 1)));
        return high.subtract(low)
                .multiply(place.subtract(whole), MathContext.DECIMAL64)
                .add(low)
                .doubleValue();
    }

    private static double ranked(double[] values, int rank) {
        for (double value : values) {
            long below = Arrays.stream(values).filter(each -> each < value).count();
            long same = Arrays.stream(values).filter(each -> each == value).count();
            if (below <= rank && rank < below + same) {
                return value;
            }
        }
        throw new AssertionError("no value has rank " + rank);
    }

    @Test
    @DisplayName("quantiles are those that counting gives, for any number of values, equal ones among them")
    void quantilesAreThoseOfCounting() {
        RandomGenerator random = Seeds.random("quantiles");
        for (int n = 1; n <= 120; n++) {
            double[] values = new double[n];
            for (int i = 0; i < n; i++) {
                values[i] = random.nextInt(5) == 0 ? 0.5 : random.nextGaussian();
            }
            double[] given = Arrays.copyOf(values, n + 3);
            Distribution of = Distribution.of(given, n).orElseThrow();
            assertThat(of.count()).isEqualTo(n);
            assertThat(of.p1()).isCloseTo(quantile(values, 1), within(1e-12));
            assertThat(of.p10()).isCloseTo(quantile(values, 10), within(1e-12));
            assertThat(of.p50()).isCloseTo(quantile(values, 50), within(1e-12));
            assertThat(of.p90()).isCloseTo(quantile(values, 90), within(1e-12));
            assertThat(of.p99()).isCloseTo(quantile(values, 99), within(1e-12));
            assertThat(of.min()).isEqualTo(ranked(values, 0));
            assertThat(of.max()).isEqualTo(ranked(values, n - 1));
            assertThat(of.bins().stream().mapToInt(each -> each).sum()).isEqualTo(n);
            assertThat(Arrays.copyOf(given, n)).as("left as it was").isEqualTo(values);
        }
    }

    @Test
    @DisplayName(
            "bins are equal parts from the least to the greatest value; equal values lie in the first; none have no spread")
    void bins() {
        assertThat(Distribution.of(new double[] {0, 0.5, 1, 1}, 4).orElseThrow().bins())
                .containsExactly(1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 2);
        Distribution same = Distribution.of(new double[] {0.1, 0.1, 0.1}, 3).orElseThrow();
        assertThat(same.bins()).startsWith(3, 0).hasSize(Distribution.BINS);
        assertThat(same.mean()).as("no rounding leads out of the range").isEqualTo(0.1);
        assertThat(Distribution.of(new double[3], 0)).isEmpty();
    }
}
