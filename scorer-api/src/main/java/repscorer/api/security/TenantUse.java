package repscorer.api.security;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.springframework.stereotype.Component;
import repscorer.api.config.Tenant;

/**
 * What each tenant has used of its quota, since the service began: {@code repscorer.tenant.requests} and {@code
 * repscorer.tenant.rows} by tenant and outcome. Names come from configuration alone, which bounds them. Safe for concurrent use.
 */
@Component
public final class TenantUse {

    private final ConcurrentMap<String, Used> used = new ConcurrentHashMap<>();
    private final MeterRegistry registry;

    TenantUse(MeterRegistry registry) {
        this.registry = registry;
    }

    /** Lets a request in, or tells after how many nanoseconds one would be. */
    long admit(Tenant tenant, long nowNanos) {
        Used of = of(tenant);
        long wait = of.requests.take(
                tenant.quota().requestsPerSecond(), tenant.quota().burst(), nowNanos);
        (wait == 0 ? of.admitted : of.refused).increment();
        return wait;
    }

    /** Takes as many rows out of today's as there are left, at most so many. */
    public int takeRows(Tenant tenant, int rows, long nowMillis) {
        Used of = of(tenant);
        int taken = of.rows.take(rows, tenant.quota().rowsPerDay(), nowMillis);
        of.rowsTaken.increment(taken);
        of.rowsRefused.increment(rows - taken);
        return taken;
    }

    /** How many rows are left of today's. */
    public long rowsLeft(Tenant tenant, long nowMillis) {
        return of(tenant).rows.left(tenant.quota().rowsPerDay(), nowMillis);
    }

    private Used of(Tenant tenant) {
        Used known = used.get(tenant.name());
        return known != null ? known : used.computeIfAbsent(tenant.name(), name -> new Used(registry, name));
    }

    private static final class Used {

        private final RequestRate requests = new RequestRate(System.nanoTime());
        private final DayCount rows = new DayCount();
        private final Counter admitted;
        private final Counter refused;
        private final Counter rowsTaken;
        private final Counter rowsRefused;

        Used(MeterRegistry registry, String tenant) {
            admitted = counter(registry, "repscorer.tenant.requests", "Requests of tenants", tenant, "admitted");
            refused = counter(registry, "repscorer.tenant.requests", "Requests of tenants", tenant, "refused");
            rowsTaken = counter(registry, "repscorer.tenant.rows", "Changes of rows by tenants", tenant, "admitted");
            rowsRefused = counter(registry, "repscorer.tenant.rows", "Changes of rows by tenants", tenant, "refused");
        }

        private static Counter counter(
                MeterRegistry registry, String name, String words, String tenant, String outcome) {
            return Counter.builder(name)
                    .description(words)
                    .tags("tenant", tenant, "outcome", outcome)
                    .register(registry);
        }
    }
}
