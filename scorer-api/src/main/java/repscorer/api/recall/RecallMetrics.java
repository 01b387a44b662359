package repscorer.api.recall;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import org.springframework.stereotype.Component;
import repscorer.core.recall.LiveRecall;
import repscorer.core.recall.SpaceRecall;

/**
 * Shows what searches find: {@code repscorer.live.recall} with its interval, {@code repscorer.live.recall.alarm}, and how many searches
 * were answered again.
 */
@Component
final class RecallMetrics implements AutoCloseable {

    private static final int UPDATED_SECONDS_APART = 5;

    private final LiveRecall recall;
    private final MultiGauge mean;
    private final MultiGauge lower;
    private final MultiGauge upper;
    private final MultiGauge alarm;
    private final ScheduledExecutorService updates = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("live-recall-metrics").factory());

    RecallMetrics(LiveRecall recall, MeterRegistry registry) {
        this.recall = recall;
        this.mean = gauge("repscorer.live.recall", "Share of the best that searches find, by exact answers", registry);
        this.lower = gauge("repscorer.live.recall.lower", "The true share is from here on, with 95 %", registry);
        this.upper = gauge("repscorer.live.recall.upper", "The true share is up to here, with 95 %", registry);
        this.alarm = gauge("repscorer.live.recall.alarm", "1 where searches find too little", registry);
        FunctionCounter.builder("repscorer.live.recall.searches", recall, LiveRecall::sampled)
                .description("Searches by whether they were answered again exactly")
                .tag("outcome", "answered")
                .register(registry);
        FunctionCounter.builder("repscorer.live.recall.searches", recall, LiveRecall::skipped)
                .description("Searches by whether they were answered again exactly")
                .tag("outcome", "skipped")
                .register(registry);
        ScheduledFuture<?> unused = updates.scheduleWithFixedDelay(
                this::update, UPDATED_SECONDS_APART, UPDATED_SECONDS_APART, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        updates.shutdownNow();
    }

    private static MultiGauge gauge(String name, String description, MeterRegistry registry) {
        return MultiGauge.builder(name).description(description).register(registry);
    }

    private void update() {
        List<SpaceRecall> all = recall.all();
        register(mean, all, SpaceRecall::mean);
        register(lower, all, SpaceRecall::lower);
        register(upper, all, SpaceRecall::upper);
        register(alarm, all, known -> known.alarm().isPresent() ? 1 : 0);
    }

    private static void register(MultiGauge gauge, List<SpaceRecall> all, ToDoubleFunction<SpaceRecall> value) {
        gauge.register(
                all.stream()
                        .map(known -> Row.of(
                                Tags.of(
                                        "space",
                                        known.space(),
                                        "release",
                                        known.release(),
                                        "filter",
                                        known.band().toString()),
                                value.applyAsDouble(known)))
                        .toList(),
                true);
    }
}
