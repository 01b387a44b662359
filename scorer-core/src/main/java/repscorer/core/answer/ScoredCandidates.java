package repscorer.core.answer;

import java.util.List;
import java.util.Optional;
import repscorer.core.blend.Calibration;
import repscorer.core.blend.ColumnStatistics;
import repscorer.core.query.CandidateQuery;

/**
 * The answer to a {@link CandidateQuery}.
 *
 * @param candidates best first, ties by ascending id, unless rules placed them otherwise
 * @param k how many were asked for
 * @param shortfall why fewer than k are answered
 * @param ranked over what the candidates are the best, before rules
 * @param scale the name of what brought the columns to one scale, or of the blend where it does not normalise
 * @param statistics what the normaliser knew of each column, in the plan's order; none where no explanation was asked for
 * @param calibration turns the scores into probabilities; empty where the plan that answered has none
 * @param rules what each rule did, in their order
 * @param chance the part that chance had in it; empty where it had none
 */
public record ScoredCandidates(
        List<ScoredCandidate> candidates,
        int k,
        Optional<String> shortfall,
        Ranked ranked,
        String scale,
        List<NamedStatistics> statistics,
        Optional<Calibration> calibration,
        List<RuleReport> rules,
        Optional<Chance> chance,
        Provenance provenance) {

    public ScoredCandidates {
        candidates = List.copyOf(candidates);
        statistics = List.copyOf(statistics);
        rules = List.copyOf(rules);
    }

    public record NamedStatistics(String column, ColumnStatistics statistics) {}
}
