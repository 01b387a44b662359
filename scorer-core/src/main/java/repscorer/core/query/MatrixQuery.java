package repscorer.core.query;

import java.util.List;
import repscorer.core.entity.EntityId;
import repscorer.core.plan.Comparison;

/** A request to score every source with every candidate. */
public record MatrixQuery(Comparison comparison, List<EntityId> sources, List<EntityId> candidates) {

    public MatrixQuery {
        sources = List.copyOf(sources);
        candidates = List.copyOf(candidates);
    }
}
