package repscorer.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import repscorer.resilience.ResilienceConfig.Breaker;
import repscorer.resilience.ResilienceConfig.Bulkhead;
import repscorer.resilience.ResilienceConfig.Retry;

class ResilienceConfigTest {

    @Test
    void defaultsStandInOnePlace() {
        assertThat(ResilienceConfig.defaults())
                .isEqualTo(new ResilienceConfig(
                        Duration.ofMillis(500),
                        Duration.ofSeconds(1),
                        4 << 20,
                        new Retry(3, Duration.ofMillis(20), Duration.ofMillis(250)),
                        new Breaker(true, 50, 50, 10, Duration.ofSeconds(5), 3),
                        new Bulkhead(64, Duration.ofMillis(10))));
    }

    @Test
    void everySettingIsKept() {
        ResilienceConfig config = new ResilienceConfig(
                Duration.ofMillis(1),
                Duration.ofMillis(2),
                3,
                new Retry(4, Duration.ofMillis(5), Duration.ofMillis(6)),
                new Breaker(false, 7, 9, 8, Duration.ofMillis(10), 11),
                new Bulkhead(12, Duration.ofMillis(13)));

        assertThat(config.connectTimeout()).isEqualTo(Duration.ofMillis(1));
        assertThat(config.attemptTimeout()).isEqualTo(Duration.ofMillis(2));
        assertThat(config.responseBytesMax()).isEqualTo(3);
        assertThat(config.retry()).isEqualTo(new Retry(4, Duration.ofMillis(5), Duration.ofMillis(6)));
        assertThat(config.breaker()).isEqualTo(new Breaker(false, 7, 9, 8, Duration.ofMillis(10), 11));
        assertThat(config.bulkhead()).isEqualTo(new Bulkhead(12, Duration.ofMillis(13)));
    }

    @Test
    @SuppressWarnings("NullAway") // as a binder calls it for a partly set section
    void partOfASectionKeepsTheOtherDefaults() {
        assertThat(new Breaker(null, null, 4, null, null, null))
                .isEqualTo(new Breaker(true, 50, 4, 4, Duration.ofSeconds(5), 3));
    }

    @Test
    void badValuesAreNamed() {
        assertThatThrownBy(() -> new Retry(0, Duration.ZERO, Duration.ZERO))
                .hasMessage("retry.attempts-max must be 1 to 10: 0");
        assertThatThrownBy(() -> new Retry(2, Duration.ofMillis(5), Duration.ofMillis(4)))
                .hasMessage("retry.backoff-max must not be below retry.backoff-min: PT0.004S < PT0.005S");
        assertThatThrownBy(() -> new Breaker(true, 101, 10, 10, Duration.ofSeconds(1), 1))
                .hasMessage("breaker.failure-percent-open must be 1 to 100: 101");
        assertThatThrownBy(() -> new Breaker(true, 50, 10, 11, Duration.ofSeconds(1), 1))
                .hasMessage("breaker.calls-min must be 1 to 10: 11");
        assertThatThrownBy(() -> new Bulkhead(0, Duration.ZERO))
                .hasMessage("bulkhead.calls-max must be 1 to 100,000: 0");
        assertThatThrownBy(() -> new Bulkhead(1, Duration.ofMillis(-1)))
                .hasMessage("bulkhead.wait-max must be PT0S to PT1M: PT-0.001S");
    }

    @Test
    @SuppressWarnings("NullAway") // as a binder calls it
    void badTimeoutsAreNamed() {
        assertThatThrownBy(() -> new ResilienceConfig(Duration.ZERO, null, null, null, null, null))
                .hasMessage("connect-timeout must be PT0.001S to PT1M: PT0S");
        assertThatThrownBy(() -> new ResilienceConfig(null, Duration.ofHours(2), null, null, null, null))
                .hasMessage("attempt-timeout must be PT0.001S to PT1H: PT2H");
        assertThatThrownBy(() -> new ResilienceConfig(null, null, 0, null, null, null))
                .hasMessage("response-bytes-max must be 1 to 1,073,741,824: 0");
    }
}
