package repscorer.api.observe;

import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.stereotype.Component;
import repscorer.core.shadow.ShadowListener;
import repscorer.core.shadow.ShadowPair;

/**
 * Counts requests that a shadow was drawn for: {@code repscorer.shadow.requests} by outcome; and sums up how its answers stand to those
 * that were given: {@code repscorer.shadow.overlap}, {@code repscorer.shadow.rank.biased.overlap},
 * {@code repscorer.shadow.latency.ratio}.
 */
@Component
final class ShadowMetrics implements ShadowListener {

    private final MeterRegistry registry;

    ShadowMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    @Override
    public void compared(String shadow, ShadowPair pair) {
        count(shadow, "compared");
        summarise("overlap", shadow, pair.overlap());
        summarise("rank.biased.overlap", shadow, pair.rankBiasedOverlap());
        summarise("latency.ratio", shadow, pair.latencyRatio());
    }

    @Override
    public void dropped(String shadow) {
        count(shadow, "dropped");
    }

    @Override
    public void failed(String shadow) {
        count(shadow, "failed");
    }

    private void count(String shadow, String outcome) {
        registry.counter("repscorer.shadow.requests", "shadow", shadow, "outcome", outcome)
                .increment();
    }

    private void summarise(String measure, String shadow, double value) {
        registry.summary("repscorer.shadow." + measure, "shadow", shadow).record(value);
    }
}
