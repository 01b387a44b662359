package repscorer.core.answer;

import java.util.List;
import repscorer.core.entity.EntityId;
import repscorer.core.query.ScoreQuery;

/**
 * The answer to a {@link ScoreQuery}: one entry per candidate asked for, in the same order, duplicates kept.
 *
 * @param higherIsCloser false where the score is a distance
 * @param range the interval of the scores, for people
 * @param unit what the scores are measured in, for people
 */
public record ScoredList(
        List<Entry> entries, boolean higherIsCloser, String range, String unit, Provenance provenance) {

    public ScoredList {
        entries = List.copyOf(entries);
    }

    /** One candidate's score or the reason why there is none. */
    public sealed interface Entry {

        EntityId id();

        record Scored(
                EntityId id,
                double score,
                List<ColumnScore> columns,
                List<ScoredCandidate.SharedCluster> sharedClusters)
                implements Entry {}

        record Missing(EntityId id, MissingReason reason) implements Entry {}
    }
}
