package repscorer.api.config;

import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;
import repscorer.core.plan.Limits;

/**
 * A part of a service that keys may be bound to, as {@code tenants.yaml} declares it. Immutable.
 *
 * @param surfaces that may be asked; their plans read what they read
 * @param spaces that may be read and changed directly
 */
public record Tenant(String name, SortedSet<String> surfaces, SortedSet<String> spaces, Quota quota) {

    public static final int TENANTS_MAX = 200;

    public Tenant {
        surfaces = Collections.unmodifiableSortedSet(new TreeSet<>(surfaces));
        spaces = Collections.unmodifiableSortedSet(new TreeSet<>(spaces));
    }

    /**
     * How much a tenant may ask for, all its keys together.
     *
     * @param requestsPerSecond in the long run
     * @param burst requests at once after a pause
     * @param kMax candidates of one request
     * @param efMax that a request's overrides may ask for
     * @param retrieveMax likewise
     * @param rowsPerDay changes of rows that are accepted from one midnight, UTC, to the next
     */
    public record Quota(double requestsPerSecond, int burst, int kMax, int efMax, int retrieveMax, long rowsPerDay) {

        public static final int BURST_MAX = 1_000_000;

        public Quota {
            ServiceSettings.check(
                    requestsPerSecond >= 0.01 && requestsPerSecond <= 1_000_000,
                    "requests-per-second must be 0.01 to 1000000.0: " + requestsPerSecond);
            ServiceSettings.range("burst", burst, 1, BURST_MAX);
            ServiceSettings.range("k-max", kMax, 1, Limits.K_MAX);
            ServiceSettings.range("ef-max", efMax, 1, Limits.EF_MAX);
            ServiceSettings.range("retrieve-max", retrieveMax, 0, Limits.RETRIEVE_MAX);
            ServiceSettings.range("rows-per-day", rowsPerDay, 0, 1_000_000_000_000L);
        }
    }
}
