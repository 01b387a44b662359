package repscorer.core.query;

import java.util.List;
import repscorer.core.entity.EntityId;
import repscorer.core.plan.Comparison;

/** A request to score pairs, each of a source and a candidate of its own. */
public record PairQuery(Comparison comparison, List<Pair> pairs) {

    public PairQuery {
        pairs = List.copyOf(pairs);
    }

    public record Pair(EntityId source, EntityId candidate) {}
}
