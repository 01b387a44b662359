package repscorer.api.decisions;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.ToDoubleFunction;
import org.springframework.stereotype.Component;
import repscorer.decisions.DecisionLog.Counts;
import repscorer.decisions.DecisionSink;

/**
 * Counts decisions that were kept and dropped: {@code repscorer.decisions.kept}, {@code repscorer.decisions.dropped} by reason, and what
 * waits: {@code repscorer.decisions.queued}. Where none are kept there are no such metrics.
 */
@Component
final class DecisionMetrics {

    DecisionMetrics(DecisionConfiguration.Holder holder, MeterRegistry registry) {
        holder.keeping().ifPresent(keeping -> register(keeping, registry));
    }

    private static void register(DecisionKeeping keeping, MeterRegistry registry) {
        FunctionCounter.builder("repscorer.decisions.kept", keeping, of(Counts::written))
                .description("Decisions that were written to files")
                .register(registry);
        FunctionCounter.builder("repscorer.decisions.bytes", keeping, of(Counts::bytes))
                .description("Bytes of decisions in files, packed")
                .baseUnit("bytes")
                .register(registry);
        dropped(keeping, "queue-full", of(Counts::crowdedOut), registry);
        dropped(keeping, "failed", of(Counts::failed), registry);
        dropped(
                keeping,
                "sink",
                each -> each.sinks().stream().mapToLong(DecisionSink::dropped).sum(),
                registry);
        Gauge.builder("repscorer.decisions.queued", keeping, of(Counts::queuedBytes))
                .description("Bytes of decisions that wait to be written, estimated")
                .baseUnit("bytes")
                .register(registry);
    }

    private static void dropped(
            DecisionKeeping keeping, String reason, ToDoubleFunction<DecisionKeeping> count, MeterRegistry registry) {
        FunctionCounter.builder("repscorer.decisions.dropped", keeping, count)
                .description("Decisions that are in no file, or that a sink lacks")
                .tag("reason", reason)
                .register(registry);
    }

    private static ToDoubleFunction<DecisionKeeping> of(ToDoubleFunction<Counts> count) {
        return keeping -> count.applyAsDouble(keeping.decisions().counts());
    }
}
