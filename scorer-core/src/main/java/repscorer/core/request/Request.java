package repscorer.core.request;

import repscorer.core.plan.ColumnPlan;
import repscorer.core.plan.ExactTopKOptions;
import repscorer.core.plan.ScoringPlan;

/**
 * One request on its way: the plan that answers it, what it reads and notes, and how long it may wait.
 *
 * @param plan the surface's, after experiments and overrides
 * @param exactTopK whether the best of all entities are sought
 * @param trace the pinned snapshot and what is noted of it
 * @param budget of all waits together
 * @param nowMillis what ages are counted to, in milliseconds since 1970
 * @param seed what chance goes by
 */
public record Request(
        ScoringPlan plan, ExactTopKOptions exactTopK, RequestTrace trace, Budget budget, long nowMillis, String seed) {

    /** From so many pairs on a request takes as long as many others together. */
    public static final int HEAVY_PAIRS = 20_000;

    public Entities entities() {
        return trace.entities();
    }

    /** Whether it ranks all that there is of something large. */
    public boolean isHeavy() {
        return exactTopK.wanted() || plan.columns().stream().anyMatch(this::isHeavy);
    }

    private boolean isHeavy(ColumnPlan column) {
        return column.exact()
                && plan.enabled(column)
                && column.candidates().values().stream().mapToInt(trace::rows).sum() > HEAVY_PAIRS;
    }

    /** The same request, seeking as much as there is room for; notices tell where that is less than its plan says. */
    public Request at(Effort effort) {
        double share = effort.share();
        if (share == 1) {
            return this;
        }
        effort.countReduced();
        return LessEffort.of(this, share);
    }

    /** The same request, its rules traced without effect. */
    public Request dryRun() {
        return new Request(
                plan.with(plan.rules().dryRun(), plan.attributes()), exactTopK, trace, budget, nowMillis, seed);
    }
}
