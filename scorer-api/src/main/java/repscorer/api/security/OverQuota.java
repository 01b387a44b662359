package repscorer.api.security;

import org.springframework.http.HttpStatus;
import repscorer.api.config.Tenant;
import repscorer.api.problem.RefusedException;

/** Refusals of what a tenant may ask for later. */
public final class OverQuota {

    private static final long SECOND_NANOS = 1_000_000_000;

    private OverQuota() {}

    static RefusedException requests(Tenant tenant, long waitNanos) {
        return refusal(
                "requests-over-quota",
                "tenant %s may ask %s requests a second, and %s at once"
                        .formatted(
                                tenant.name(),
                                tenant.quota().requestsPerSecond(),
                                tenant.quota().burst()),
                Math.ceilDiv(waitNanos, SECOND_NANOS));
    }

    /** Of changes of rows, until midnight. */
    public static RefusedException rows(Tenant tenant, long nowMillis) {
        return refusal("rows-over-quota", rowsTold(tenant), DayCount.secondsLeft(nowMillis));
    }

    /** The same in words. */
    public static String rowsTold(Tenant tenant) {
        return "tenant %s may change %s rows a day, UTC"
                .formatted(tenant.name(), tenant.quota().rowsPerDay());
    }

    private static RefusedException refusal(String code, String message, long seconds) {
        return RefusedException.later(HttpStatus.TOO_MANY_REQUESTS, code, message, seconds);
    }
}
