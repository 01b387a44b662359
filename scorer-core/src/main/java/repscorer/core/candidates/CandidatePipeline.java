package repscorer.core.candidates;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import repscorer.core.align.ReleaseAlignments;
import repscorer.core.blend.Blend;
import repscorer.core.embedding.EmbeddingSource;
import repscorer.core.pair.ScoreTable;
import repscorer.core.plan.DeclaredSpaces;
import repscorer.core.plan.ScoringPlan;
import repscorer.core.query.CandidateQuery;
import repscorer.core.request.ComputePermits;
import repscorer.core.request.EntitySet;
import repscorer.core.request.Request;
import repscorer.core.request.StageClock;
import repscorer.core.rule.Ranking;
import repscorer.core.rule.Ruling;
import repscorer.core.signal.SignalSource;
import repscorer.core.source.EmbeddingLookup;
import repscorer.core.source.QueryVector;
import repscorer.core.source.SourceResolver;

/** The way of a request for candidates, from what it leaves out to the list after its rules. Safe for concurrent use. */
public final class CandidatePipeline {

    private final DeclaredSpaces spaces;
    private final EmbeddingSource upstream;
    private final SignalSource signals;
    private final ComputePermits permits;
    private final ReleaseAlignments alignments;

    /**
     * @param upstream asked for sources that the release does not hold
     * @param signals what rules read of a user's doings
     * @param alignments that vectors of other versions go through
     */
    public CandidatePipeline(
            DeclaredSpaces spaces,
            EmbeddingSource upstream,
            SignalSource signals,
            ComputePermits permits,
            ReleaseAlignments alignments) {
        this.alignments = alignments;
        this.spaces = spaces;
        this.upstream = upstream;
        this.signals = signals;
        this.permits = permits;
    }

    /**
     * Runs every stage in its order. What waits for others comes first, within the request's budget; the rest computes with a
     * permit, so that a slow upstream holds none.
     *
     * @param past whether the reader looks past the best k, which are all that an answer needs in their order
     * @param clock told the end of each stage
     * @param reader makes of the result what was asked for, with the permit still held
     */
    public <A> A run(
            CandidateQuery query,
            Request request,
            boolean past,
            StageClock clock,
            Function<CandidateResult, A> reader) {
        ScoringPlan plan = request.plan();
        AnswerScope scope = AnswerScope.of(query, request);
        Ages ages = new Ages(plan.attributes(), request.trace());
        Exclusions exclusions = Exclusions.of(query, request, signals, ages, spaces);
        List<QueryVector> sources = new SourceResolver(
                        request.trace(),
                        new EmbeddingLookup(request.trace(), upstream, request.budget()),
                        scope.kinds(),
                        alignments)
                .resolve(query.source(), plan.columns(), plan.disabled());
        clock.end("source");
        return permits.computing(request.isHeavy(), () -> {
            Retrieval retrieval = Retrieval.of(request, sources, scope, exclusions);
            clock.end("retrieve");
            ScoreTable retrieved = ScoreTable.of(plan.columns(), sources, retrieval.candidates(), request.trace());
            clock.end("score");
            Blend ofRetrieved =
                    retrieved.blend(plan.blend(), plan.blend().interleaves() ? retrieval.foundBy() : List.of());
            ExactTopK.Outcome best = request.exactTopK().wanted()
                    ? new ExactTopK(request, sources, scope, exclusions).search(retrieved, ofRetrieved)
                    : ExactTopK.Outcome.ofRetrieved(retrieved, ofRetrieved);
            if (request.exactTopK().wanted()) {
                clock.end("optimal");
            }
            EntitySet candidates = best.table().candidates();
            Blend blend = best.blend();
            CandidateFacts facts =
                    new CandidateFacts(request, candidates, exclusions.removed(), ages, blend::greatestContribution);
            int[] byScore = ranked(blend, candidates.size());
            int listed = past || !plan.rules().leaves(facts) ? byScore.length : Math.min(scope.k(), byScore.length);
            Ranking.best(byScore, listed, blend.scores(), candidates::compare);
            Ruling ruling = plan.rules().apply(byScore, blend.scores(), facts, scope.k(), request.nowMillis());
            clock.end("blend");
            return reader.apply(new CandidateResult(
                    request,
                    scope,
                    exclusions,
                    sources,
                    retrieval,
                    best.ranked(),
                    best.table(),
                    blend,
                    byScore,
                    facts,
                    ruling));
        });
    }

    /** The places of candidates that have a score. */
    private static int[] ranked(Blend blend, int candidates) {
        int[] ranked = new int[candidates];
        int n = 0;
        for (int place = 0; place < candidates; place++) {
            if (blend.ranked(place)) {
                ranked[n++] = place;
            }
        }
        return n == candidates ? ranked : Arrays.copyOf(ranked, n);
    }
}
