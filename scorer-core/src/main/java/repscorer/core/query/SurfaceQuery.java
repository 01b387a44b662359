package repscorer.core.query;

import java.util.Map;
import java.util.Optional;
import repscorer.core.experiment.Traits;

/** A request that is answered by the plan of a surface, with what experiments and overrides change of it. */
public sealed interface SurfaceQuery permits CandidateQuery, ScoreQuery.BySurface {

    String surface();

    Source source();

    /** What experiments are assigned by, such as {@code user:12}; empty for a request that is in none. */
    Optional<String> unit();

    /** What its caller tells of whom it asks for, by name, which experiments may look at. */
    Map<String, String> context();

    /** Of the plan, see {@link repscorer.core.plan.PlanOverrides}; they win over an experiment's. */
    Map<String, String> overrides();

    /** What experiments may look at. */
    default Traits traits() {
        return new Traits(source().kinds(), context());
    }
}
