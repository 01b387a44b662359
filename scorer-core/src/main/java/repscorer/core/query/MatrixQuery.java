package repscorer.core.query;

import java.util.List;
import java.util.Optional;
import repscorer.core.entity.EntityId;
import repscorer.core.plan.Comparison;

/**
 * A request to score every source with every candidate.
 *
 * @param release a kept release to read; empty for the live one
 */
public record MatrixQuery(
        Comparison comparison, List<EntityId> sources, List<EntityId> candidates, Optional<String> release) {

    public MatrixQuery {
        sources = List.copyOf(sources);
        candidates = List.copyOf(candidates);
    }

    /** Of the live release. */
    public MatrixQuery(Comparison comparison, List<EntityId> sources, List<EntityId> candidates) {
        this(comparison, sources, candidates, Optional.empty());
    }
}
