package repscorer.core.query;

import java.util.List;
import java.util.Optional;
import repscorer.core.entity.EntityId;

/**
 * A request for the recent-engagement features of candidates for a user.
 *
 * @param release a kept release to read; empty for the live one
 */
public record EngagementQuery(EntityId user, List<EntityId> candidates, Optional<String> release) {

    public EngagementQuery {
        candidates = List.copyOf(candidates);
    }

    /** Of the live release. */
    public EngagementQuery(EntityId user, List<EntityId> candidates) {
        this(user, candidates, Optional.empty());
    }
}
