package repscorer.core.explain;

import java.util.List;
import repscorer.core.candidates.CandidateResult;
import repscorer.core.entity.EntityId;
import repscorer.core.explore.Draws;
import repscorer.core.interleave.Pick;
import repscorer.core.request.Resolved.Contest;

/**
 * What two plans came to for one request, and the list that is made of both.
 *
 * @param picks what is answered
 */
public record InterleavedResult(
        Contest contest, CandidateResult first, CandidateResult second, List<Pick<EntityId>> picks) {

    public InterleavedResult {
        picks = List.copyOf(picks);
    }

    /** The best k of each, and of those the best k of both. */
    public static InterleavedResult of(Contest contest, CandidateResult first, CandidateResult second) {
        return new InterleavedResult(
                contest,
                first,
                second,
                contest.interleaving()
                        .interleave(
                                first.answered(),
                                second.answered(),
                                first.scope().k(),
                                Draws.of("interleave", first.request().seed())));
    }

    /** The name of a team, 0 or 1. */
    String team(int team) {
        return contest.interleaving().teams().get(team);
    }
}
