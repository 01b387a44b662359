package repscorer.api.decisions;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.stereotype.Component;

/** Counts lines of outcomes by what became of them: {@code repscorer.outcomes}. */
@Component
final class OutcomeMetrics {

    private final Counter accepted;
    private final Counter late;
    private final Counter refused;

    OutcomeMetrics(MeterRegistry registry) {
        accepted = counter("accepted", registry);
        late = counter("late", registry);
        refused = counter("refused", registry);
    }

    private static Counter counter(String outcome, MeterRegistry registry) {
        return Counter.builder("repscorer.outcomes")
                .description("Outcomes that were taken and count, that came about too late to count, and that broke a rule")
                .tag("outcome", outcome)
                .register(registry);
    }

    void took(boolean tooLate) {
        (tooLate ? late : accepted).increment();
    }

    void refused() {
        refused.increment();
    }
}
