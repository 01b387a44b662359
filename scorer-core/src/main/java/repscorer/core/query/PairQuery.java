package repscorer.core.query;

import java.util.List;
import java.util.Optional;
import repscorer.core.entity.EntityId;
import repscorer.core.plan.Comparison;

/**
 * A request to score pairs, each of a source and a candidate of its own.
 *
 * @param release a kept release to read; empty for the live one
 */
public record PairQuery(Comparison comparison, List<Pair> pairs, Optional<String> release) {

    public PairQuery {
        pairs = List.copyOf(pairs);
    }

    /** Of the live release. */
    public PairQuery(Comparison comparison, List<Pair> pairs) {
        this(comparison, pairs, Optional.empty());
    }

    public record Pair(EntityId source, EntityId candidate) {}
}
