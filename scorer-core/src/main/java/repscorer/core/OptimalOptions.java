package repscorer.core;

import java.time.Duration;

/**
 * Whether the best of all entities are sought, and for how long.
 *
 * @param wanted false to rank what the columns retrieved
 * @param budget of the search through all entities; what is left then is told as a gap
 */
record OptimalOptions(boolean wanted, Duration budget) {

    static final int BUDGET_MILLIS_MAX = 60_000;

    static final OptimalOptions DEFAULT = new OptimalOptions(false, Duration.ofMillis(50));
}
