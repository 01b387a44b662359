package repscorer.core.request;

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
 */
public record Request(ScoringPlan plan, ExactTopKOptions exactTopK, RequestTrace trace, Budget budget, long nowMillis) {

    public Entities entities() {
        return trace.entities();
    }

    /** The same request, its rules traced without effect. */
    public Request dryRun() {
        return new Request(plan.with(plan.rules().dryRun(), plan.attributes()), exactTopK, trace, budget, nowMillis);
    }
}
