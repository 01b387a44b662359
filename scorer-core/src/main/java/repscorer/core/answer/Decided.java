package repscorer.core.answer;

import java.util.List;
import java.util.Optional;
import repscorer.core.plan.ColumnPlan;
import repscorer.core.plan.ExactTopKOptions;
import repscorer.core.plan.ScoringPlan;

/**
 * An answer for candidates with what it was made by, for whoever keeps decisions.
 *
 * @param way the plan that answered; the first team's where two shared the answer
 * @param second the other team's, in an interleaved answer
 * @param told notices from before anything was searched
 * @param nowMillis what ages were counted to, in milliseconds since 1970
 * @param from by candidate, which way brought it, 0 or 1; empty where there is one; not to be changed
 * @param raw scores as the columns measure them, NaN where one is missing: by candidate, in the order of the columns of the way that
 *     brought it; not to be changed
 * @param stride places of {@code raw} for each candidate
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier, never compared
public record Decided(
        ScoredCandidates answer,
        Way way,
        Optional<Way> second,
        List<Provenance.Notice> told,
        long nowMillis,
        int[] from,
        double[] raw,
        int stride) {

    public Decided {
        told = List.copyOf(told);
    }

    /** The columns of the plan that brought a candidate. */
    public List<ColumnPlan> columns(int rank) {
        Way of = isSecond(rank) ? second.orElseThrow() : way;
        return of.plan().columns();
    }

    /** Whether the second way brought a candidate. */
    public boolean isSecond(int rank) {
        return from.length > 0 && from[rank] == 1;
    }

    /** What a column of that plan says of it; NaN where nothing. */
    public double raw(int rank, int column) {
        return raw[rank * stride + column];
    }

    /**
     * How candidates are found and ranked.
     *
     * @param plan the surface's, after experiments, overrides and the effort that there was room for
     * @param exactTopK whether the best of all entities were sought
     */
    public record Way(ScoringPlan plan, ExactTopKOptions exactTopK) {}

    /**
     * Another team's way to the same answer.
     *
     * @param interleaved how both came together
     */
    public record Shared(Way second, Chance.Interleaved interleaved) {}

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
            Way way,
            Optional<Shared> shared,
            List<Provenance.Assigned> assignments,
            List<Provenance.Notice> told,
            long nowMillis) {

        public Again {
            assignments = List.copyOf(assignments);
            told = List.copyOf(told);
        }
    }
}
