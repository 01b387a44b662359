package repscorer.core;

import java.util.List;
import java.util.Optional;

/**
 * The answer to a {@link CandidateQuery}.
 *
 * @param candidates best first, ties by ascending id
 * @param k how many were asked for
 * @param shortfall why fewer than k are answered
 * @param ranked over what the candidates are the best
 */
public record ScoredCandidates(
        List<ScoredCandidate> candidates, int k, Optional<String> shortfall, Ranked ranked, Provenance provenance) {

    public ScoredCandidates {
        candidates = List.copyOf(candidates);
    }
}
