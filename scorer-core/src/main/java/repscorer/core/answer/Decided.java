package repscorer.core.answer;

import java.util.List;
import repscorer.core.plan.ExactTopKOptions;
import repscorer.core.plan.ScoringPlan;

/**
 * An answer for candidates with what it was made by, for whoever keeps decisions.
 *
 * @param plan the surface's, after experiments, overrides and the effort that there was room for
 * @param exactTopK whether the best of all entities were sought
 * @param told notices from before anything was searched
 * @param nowMillis what ages were counted to, in milliseconds since 1970
 * @param raw scores as the columns measure them, NaN where one is missing: those of the first candidate in the order of the plan's
 *     columns, then those of the next; not to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier, never compared
public record Decided(
        ScoredCandidates answer,
        ScoringPlan plan,
        ExactTopKOptions exactTopK,
        List<Provenance.Notice> told,
        long nowMillis,
        double[] raw) {

    public Decided {
        told = List.copyOf(told);
    }

    /**
     * How a decision is to be taken again.
     *
     * @param decisionId the answer's own, as then
     * @param release that is read, by its name
     * @param assignments told of, without effect: the plan has them
     */
    public record Again(
            String decisionId,
            String release,
            ScoringPlan plan,
            ExactTopKOptions exactTopK,
            List<Provenance.Assigned> assignments,
            List<Provenance.Notice> told,
            long nowMillis) {

        public Again {
            assignments = List.copyOf(assignments);
            told = List.copyOf(told);
        }
    }
}
