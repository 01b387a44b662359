package repscorer.core.answer;

import java.util.List;
import java.util.Optional;
import repscorer.core.plan.Comparison;
import repscorer.core.query.PairQuery;

/**
 * The answer to a {@link PairQuery}: one entry per pair, in the same order, duplicates kept.
 */
public record ScoredPairs(Comparison comparison, List<Entry> entries, Provenance provenance) {

    public ScoredPairs {
        entries = List.copyOf(entries);
    }

    /**
     * One pair.
     *
     * @param score NaN where there is none
     * @param missing why there is none
     */
    public record Entry(PairQuery.Pair pair, double score, Optional<MissingReason> missing) {}
}
