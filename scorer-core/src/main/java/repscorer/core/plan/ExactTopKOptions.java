package repscorer.core.plan;

import java.time.Duration;
import repscorer.core.blend.BlendRecipe;
import repscorer.core.blend.ColumnStatistics;
import repscorer.core.blend.Normalizer;
import repscorer.core.failure.ScorerException.Invalid;

/**
 * Whether the best of all entities are sought, and for how long.
 *
 * @param wanted false to rank what the columns retrieved
 * @param budget of the search through all entities; what is left then is told as a gap
 */
public record ExactTopKOptions(boolean wanted, Duration budget) {

    public static final int BUDGET_MILLIS_MAX = 60_000;

    public static final ExactTopKOptions DEFAULT = new ExactTopKOptions(false, Duration.ofMillis(50));

    /**
     * The normaliser of a plan's blend. Refuses a blend whose scores depend on ranks or on one another: no bound of a column
     * bounds such a score.
     */
    public static Normalizer normalizer(ScoringPlan plan) {
        if (plan.blend() instanceof BlendRecipe.Linear linear && ColumnStatistics.affine(linear.normalizer())) {
            return linear.normalizer();
        }
        throw new Invalid(
                "optimal-needs-linear",
                "overrides.optimal",
                "the best of all entities are sought for linear blends under none, min-max, z-score, l2 and fixed only: surface %s has %s"
                        .formatted(plan.surface(), plan.blend()));
    }
}
