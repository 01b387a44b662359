package repscorer.core.drift;

import java.util.List;
import repscorer.core.entity.EntityId;

/** What a surface answers out of a release, as any request that names the release gets it. */
@FunctionalInterface
public interface SurfaceAnswers {

    /**
     * The ids of the best candidates, best first.
     *
     * @throws repscorer.core.failure.ScorerException where there is no answer; that of a time that is over ends the comparison
     */
    List<EntityId> best(String release, String surface, EntityId source, int k);
}
