package repscorer.core.explain;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import repscorer.core.answer.Decided;
import repscorer.core.answer.Provenance;
import repscorer.core.answer.ScoredCandidates;
import repscorer.core.candidates.CandidateResult;
import repscorer.core.interleave.Pick;
import repscorer.core.request.Request;

/** Adds to an answer what it was made by. Stateless. */
public final class DecidedAssembler {

    private DecidedAssembler() {}

    /** @param told notices from before anything was searched */
    public static Decided decided(CandidateResult result, List<Provenance.Notice> told, ScoredCandidates answer) {
        int columns = result.table().columns().size();
        double[] raw = new double[answer.candidates().size() * columns];
        for (int rank = 0; rank < answer.candidates().size(); rank++) {
            copy(result, rank, raw, rank * columns);
        }
        Request request = result.request();
        return new Decided(answer, way(request), Optional.empty(), told, request.nowMillis(), new int[0], raw, columns);
    }

    /** @param told notices from before anything was searched */
    public static Decided decided(InterleavedResult both, List<Provenance.Notice> told, ScoredCandidates answer) {
        List<CandidateResult> results = List.of(both.first(), both.second());
        int columns = Math.max(
                both.first().table().columns().size(),
                both.second().table().columns().size());
        int[] from = new int[both.picks().size()];
        double[] raw = new double[from.length * columns];
        Arrays.fill(raw, Double.NaN);
        for (int rank = 0; rank < from.length; rank++) {
            Pick<?> pick = both.picks().get(rank);
            from[rank] = pick.from();
            copy(results.get(pick.from()), pick.rank(), raw, rank * columns);
        }
        Request request = both.first().request();
        return new Decided(
                answer,
                way(request),
                Optional.of(way(both.second().request())),
                told,
                request.nowMillis(),
                from,
                raw,
                columns);
    }

    private static void copy(CandidateResult result, int rank, double[] raw, int at) {
        int candidate = result.explored().order()[rank];
        for (int column = 0; column < result.table().columns().size(); column++) {
            raw[at + column] = result.table().value(column, candidate);
        }
    }

    private static Decided.Way way(Request request) {
        return new Decided.Way(request.plan(), request.exactTopK());
    }
}
