package repscorer.core.query;

import java.util.List;
import repscorer.core.entity.EntityId;

/** A request for the recent-engagement features of candidates for a user. */
public record EngagementQuery(EntityId user, List<EntityId> candidates) {

    public EngagementQuery {
        candidates = List.copyOf(candidates);
    }
}
