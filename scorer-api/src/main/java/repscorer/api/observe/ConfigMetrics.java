package repscorer.api.observe;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.stereotype.Component;
import repscorer.api.engine.LiveConfig;

/**
 * Counts configurations that came into force and those refused: {@code repscorer.config.reloads} by outcome; and tells whether the
 * files as they are were refused: {@code repscorer.config.refused}.
 */
@Component
final class ConfigMetrics {

    private final LiveConfig live;

    ConfigMetrics(LiveConfig live, MeterRegistry registry) {
        this.live = live;
        FunctionCounter.builder(
                        "repscorer.config.reloads",
                        this,
                        each -> each.live.standing().reloads())
                .description("Configurations that came into force while the service ran, and those refused")
                .tag("outcome", "taken")
                .register(registry);
        FunctionCounter.builder(
                        "repscorer.config.reloads",
                        this,
                        each -> each.live.standing().refusals())
                .description("Configurations that came into force while the service ran, and those refused")
                .tag("outcome", "refused")
                .register(registry);
        Gauge.builder(
                        "repscorer.config.refused",
                        this,
                        each -> each.live.standing().refused() ? 1 : 0)
                .description("1 while the files of the configuration are refused as they are")
                .register(registry);
    }
}
