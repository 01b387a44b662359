package repscorer.api.slow;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;
import repscorer.api.config.ServiceConfig;
import repscorer.api.config.SlowLogSettings;
import repscorer.api.engine.StoreDirectory;
import repscorer.api.security.Caller;

/**
 * Writes requests down that took long, {@code slow-requests.jsonl} of the data directory, at a bounded rate and without having anybody
 * wait; {@code repscorer.slow.requests} counts them by outcome. Safe for concurrent use.
 */
@Component
public final class SlowRequests implements DisposableBean {

    static final String FILE = "slow-requests.jsonl";

    private static final long SECOND_NANOS = 1_000_000_000;

    private final SlowLogSettings settings;
    private final @Nullable LineFile file;
    private final Counter written;
    private final Counter overRate;
    private final Counter dropped;

    /* Guarded by this: the second that lines are counted in. */
    private long second = Long.MIN_VALUE;
    private int lines;

    SlowRequests(ServiceConfig config, StoreDirectory directory, MeterRegistry registry) {
        this.settings = config.settings().slowLog();
        this.file = settings.enabled()
                ? new LineFile(
                        directory.data().resolve(FILE), settings.fileMax().toBytes())
                : null;
        this.written = counter(registry, "written");
        this.overRate = counter(registry, "over-rate");
        this.dropped = counter(registry, "dropped");
    }

    private static Counter counter(MeterRegistry registry, String outcome) {
        return Counter.builder("repscorer.slow.requests")
                .description("Requests that took as long as slow-log.threshold")
                .tag("outcome", outcome)
                .register(registry);
    }

    /** Begins to watch a request of this thread; to be closed when it is answered. */
    public Watched watch(String route, String surface) {
        return settings.enabled() ? new Watched(this, route, surface) : Watched.NOT;
    }

    boolean isSlow(long nanos) {
        return nanos >= settings.threshold().toNanos();
    }

    void write(Supplier<String> line) {
        LineFile to = file;
        if (to == null) {
            return;
        }
        (!isWithinRate(System.nanoTime()) ? overRate : to.offer(line) ? written : dropped).increment();
    }

    private synchronized boolean isWithinRate(long nowNanos) {
        long now = Math.floorDiv(nowNanos, SECOND_NANOS);
        if (now != second) {
            second = now;
            lines = 0;
        }
        return lines++ < settings.perSecond();
    }

    static Optional<String> caller() {
        return Caller.name();
    }

    static String now() {
        return Instant.now().toString();
    }

    @Override
    public void destroy() {
        if (file != null) {
            file.close();
        }
    }
}
