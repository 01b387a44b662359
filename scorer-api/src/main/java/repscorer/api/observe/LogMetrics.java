package repscorer.api.observe;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.stereotype.Component;

/** Counts lines of the log that were dropped: {@code repscorer.log.dropped}. */
@Component
final class LogMetrics {

    LogMetrics(MeterRegistry registry) {
        FunctionCounter.builder("repscorer.log.dropped", this, each -> DroppingAppender.dropped())
                .description("Lines of the log that were dropped, for standard output took no more")
                .register(registry);
    }
}
