package repscorer.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import repscorer.resilience.ResilienceConfig;
import repscorer.upstream.UpstreamConfig.Cache;

class UpstreamConfigTest {

    private static final URI BASE = URI.create("http://embeddings:8080");

    @Test
    void defaultsStandInOnePlace() {
        assertThat(UpstreamConfig.of(BASE))
                .isEqualTo(new UpstreamConfig(
                        BASE,
                        Duration.ofSeconds(2),
                        1_024,
                        new Cache(
                                Duration.ofMinutes(10),
                                Duration.ofMinutes(5),
                                Duration.ofSeconds(1),
                                Duration.ofSeconds(30),
                                10,
                                256 << 20),
                        ResilienceConfig.defaults()));
    }

    @Test
    void everySettingIsKept() {
        Cache cache = new Cache(
                Duration.ofMillis(40), Duration.ofMillis(30), Duration.ofMillis(20), Duration.ofMillis(10), 0, 1 << 10);
        UpstreamConfig config = new UpstreamConfig(BASE, Duration.ofMillis(5), 6, cache, ResilienceConfig.defaults());

        assertThat(config.base()).isEqualTo(BASE);
        assertThat(config.fetchBudget()).isEqualTo(Duration.ofMillis(5));
        assertThat(config.fetchesMax()).isEqualTo(6);
        assertThat(config.cache()).isEqualTo(cache);
        assertThat(cache.foundTtl()).isEqualTo(Duration.ofMillis(40));
        assertThat(cache.refreshAfter()).isEqualTo(Duration.ofMillis(30));
        assertThat(cache.refreshPause()).isEqualTo(Duration.ofMillis(20));
        assertThat(cache.missingTtl()).isEqualTo(Duration.ofMillis(10));
        assertThat(cache.jitterPercent()).isZero();
        assertThat(cache.bytesMax()).isEqualTo(1 << 10);
    }

    @Test
    @SuppressWarnings("NullAway") // as a binder calls it for a partly set section
    void badValuesAreNamed() {
        assertThatThrownBy(() -> new UpstreamConfig(null, null, null, null, null))
                .hasMessage("base must be there: the address of the upstream service");
        assertThatThrownBy(() -> UpstreamConfig.of(URI.create("embeddings:8080")))
                .hasMessage("base must be an http or https address without query and fragment: 'embeddings:8080'");
        assertThatThrownBy(() -> new UpstreamConfig(BASE, Duration.ZERO, null, null, null))
                .hasMessage("fetch-budget must be PT0.001S to PT10M: PT0S");
        assertThatThrownBy(() -> new UpstreamConfig(BASE, null, 0, null, null))
                .hasMessage("fetches-max must be 1 to 100,000: 0");
        assertThatThrownBy(() -> new Cache(Duration.ofSeconds(1), Duration.ofSeconds(2), null, null, null, null))
                .hasMessage("cache.refresh-after must be PT0.001S to PT1S: PT2S");
        assertThatThrownBy(() -> new Cache(null, null, null, null, 91, null))
                .hasMessage("cache.jitter-percent must be 0 to 90: 91");
    }

    @Test
    void namesThatAnAddressCannotHoldAreRefused() {
        assertThatThrownBy(() -> EmbeddingQuery.sparse("", "user:12", "demo"))
                .hasMessage("space must be a name that an address can hold: ''");
        assertThatThrownBy(() -> EmbeddingQuery.sparse("simclusters-interest", "..", "demo"))
                .hasMessage("id must be a name that an address can hold: '..'");
        assertThatThrownBy(() -> EmbeddingQuery.dense("twhin-user", "user:12", "demo", 0))
                .hasMessage("a dimension is at least 1: 0 (space twhin-user)");
    }
}
