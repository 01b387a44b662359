package repscorer.core.gate;

import java.util.List;
import repscorer.core.entity.EntityId;
import repscorer.core.store.Snapshot;

/** What surfaces answer out of a release, which nobody else may know yet. */
@FunctionalInterface
public interface ReleaseAnswers {

    /** Of who asks for nothing. */
    ReleaseAnswers NONE = (release, surface, source, k) -> List.of();

    /** The best k candidates; none where the release cannot answer. */
    List<EntityId> best(Snapshot release, String surface, EntityId source, int k);
}
