package repscorer.core.plan;

import java.time.Duration;

/**
 * Whether the best of all entities are sought, and for how long.
 *
 * @param wanted false to rank what the columns retrieved
 * @param budget of the search through all entities; what is left then is told as a gap
 */
public record ExactTopKOptions(boolean wanted, Duration budget) {

    public static final int BUDGET_MILLIS_MAX = 60_000;

    public static final ExactTopKOptions DEFAULT = new ExactTopKOptions(false, Duration.ofMillis(50));
}
