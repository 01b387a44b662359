package repscorer.core.answer;

import java.util.List;
import java.util.Optional;
import repscorer.core.entity.EntityId;
import repscorer.core.plan.Comparison;
import repscorer.core.query.MatrixQuery;

/**
 * The answer to a {@link MatrixQuery}: sources and candidates in the order asked for, duplicates kept. A score is missing
 * where its source or its candidate is.
 *
 * @param scores one row per source, one value per candidate; NaN where there is none. Owned by the receiver
 */
@SuppressWarnings("ArrayRecordComponent") // the array is the answer; nobody compares answers by equals
public record ScoredMatrix(
        Comparison comparison, List<Side> sources, List<Side> candidates, double[][] scores, Provenance provenance) {

    public ScoredMatrix {
        sources = List.copyOf(sources);
        candidates = List.copyOf(candidates);
    }

    /**
     * A source or a candidate.
     *
     * @param missing why it has no scores
     */
    public record Side(EntityId id, Optional<MissingReason> missing) {}
}
