package repscorer.api.observe;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import org.springframework.stereotype.Component;
import repscorer.core.request.StageListener;

/** Times every stage of every request: {@code repscorer.stage} by surface and stage. */
@Component
final class StageMetrics implements StageListener {

    private static final Duration[] BUCKETS = {
        Duration.ofNanos(250_000),
        Duration.ofMillis(1),
        Duration.ofMillis(2),
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(20),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofSeconds(1)
    };

    private final MeterRegistry registry;
    private final ConcurrentMap<Stage, Timer> timers = new ConcurrentHashMap<>();

    StageMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    @Override
    public void took(String surface, String stage, long nanos) {
        StageCpu.ended(stage);
        timers.computeIfAbsent(new Stage(surface, stage), this::timer).record(nanos, TimeUnit.NANOSECONDS);
    }

    private Timer timer(Stage stage) {
        return Timer.builder("repscorer.stage")
                .description("How long a stage of a request took")
                .tags("surface", stage.surface, "stage", stage.stage)
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
    }

    private record Stage(String surface, String stage) {}
}
