package repscorer.core.candidates;

import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import repscorer.core.align.ReleaseAlignments;
import repscorer.core.blend.Blend;
import repscorer.core.embedding.EmbeddingSource;
import repscorer.core.explore.Draws;
import repscorer.core.explore.Explored;
import repscorer.core.pair.CandidateNumbers;
import repscorer.core.pair.EngagementScoring;
import repscorer.core.pair.ScoreTable;
import repscorer.core.plan.DeclaredSpaces;
import repscorer.core.plan.ScoringPlan;
import repscorer.core.query.CandidateQuery;
import repscorer.core.recall.Asked;
import repscorer.core.recall.SearchListener;
import repscorer.core.request.ComputePermits;
import repscorer.core.request.EntitySet;
import repscorer.core.request.Request;
import repscorer.core.request.StageClock;
import repscorer.core.rule.Facts;
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
    private final SearchListener searches;
    private final EngagementScoring engagement;

    /**
     * @param upstream asked for sources that the release does not hold
     * @param signals what rules read of a user's doings
     * @param alignments that vectors of other versions go through
     * @param engagement makes what models read of a user's doings
     * @param searches told of the searches of requests whose readers do not look past the best
     */
    public CandidatePipeline(
            DeclaredSpaces spaces,
            EmbeddingSource upstream,
            SignalSource signals,
            ComputePermits permits,
            ReleaseAlignments alignments,
            EngagementScoring engagement,
            SearchListener searches) {
        this.engagement = engagement;
        this.alignments = alignments;
        this.searches = searches;
        this.spaces = spaces;
        this.upstream = upstream;
        this.signals = signals;
        this.permits = permits;
    }

    /** The same with other permits, whose searches nobody is told of. */
    public CandidatePipeline aside(ComputePermits others) {
        return new CandidatePipeline(spaces, upstream, signals, others, alignments, engagement, SearchListener.NONE);
    }

    /** What a request has waited for: all that its computation needs. */
    private record Prepared(
            Request request,
            Asked asked,
            AnswerScope scope,
            Ages ages,
            Exclusions exclusions,
            List<QueryVector> sources,
            CandidateNumbers numbers) {}

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
        Prepared prepared = prepare(query, request);
        clock.end("source");
        return permits.computing(request.isHeavy(), () -> reader.apply(rank(prepared, past, clock)));
    }

    /** The same for two plans, one after the other with one permit. Stages are told of both together. */
    public <A> A run(
            CandidateQuery query,
            Request first,
            Request second,
            boolean past,
            StageClock clock,
            BiFunction<CandidateResult, CandidateResult, A> reader) {
        Prepared ofFirst = prepare(query, first);
        Prepared ofSecond = prepare(query, second);
        clock.end("source");
        return permits.computing(first.isHeavy() || second.isHeavy(), () -> {
            CandidateResult result = rank(ofFirst, past, clock);
            return reader.apply(result, rank(ofSecond, past, clock));
        });
    }

    private Prepared prepare(CandidateQuery query, Request request) {
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
        Asked asked = new Asked(request.trace().release(), request.trace().assignments(), query.unit());
        CandidateNumbers numbers = FactNumbers.of(query.source(), request, engagement);
        return new Prepared(request, asked, scope, ages, exclusions, sources, numbers);
    }

    private CandidateResult rank(Prepared prepared, boolean past, StageClock clock) {
        Request request = prepared.request;
        ScoringPlan plan = request.plan();
        AnswerScope scope = prepared.scope;
        Exclusions exclusions = prepared.exclusions;
        List<QueryVector> sources = prepared.sources;
        Retrieval retrieval = Retrieval.of(
                request, sources, scope, exclusions, prepared.asked, past ? SearchListener.NONE : searches);
        clock.end("retrieve");
        ScoreTable retrieved =
                ScoreTable.of(plan.columns(), sources, retrieval.candidates(), request.trace(), prepared.numbers);
        clock.end("score");
        Blend ofRetrieved = retrieved.blend(plan.blend(), plan.blend().interleaves() ? retrieval.foundBy() : List.of());
        ExactTopK.Outcome best = request.exactTopK().wanted()
                ? new ExactTopK(request, sources, scope, exclusions, prepared.numbers).search(retrieved, ofRetrieved)
                : ExactTopK.Outcome.ofRetrieved(retrieved, ofRetrieved);
        if (request.exactTopK().wanted()) {
            clock.end("optimal");
        }
        EntitySet candidates = best.table().candidates();
        Blend blend = best.blend();
        CandidateFacts facts = new CandidateFacts(
                request, candidates, exclusions.removed(), prepared.ages, blend::greatestContribution);
        int[] byScore = ranked(blend, candidates.size());
        int needed = Math.max(scope.k(), plan.exploration().reach());
        int listed = past || !plan.rules().leaves(facts) ? byScore.length : Math.min(needed, byScore.length);
        Ranking.best(byScore, listed, blend.scores(), candidates::compare);
        Ruling ruling = plan.rules().apply(byScore, blend.scores(), facts, scope.k(), request.nowMillis());
        Explored explored = explored(request, ruling, facts, scope.k());
        clock.end("blend");
        return new CandidateResult(
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
                ruling,
                explored);
    }

    /** What rules removed stays away, and what they pin or count stays where it is. */
    private static Explored explored(Request request, Ruling ruling, Facts facts, int k) {
        ScoringPlan plan = request.plan();
        return plan.exploration().isOn()
                ? plan.exploration()
                        .explore(
                                ruling.order(),
                                ruling.scores(),
                                plan.rules().held(ruling.order(), facts, k),
                                Draws.of("explore", request.seed()))
                : Explored.asRanked(ruling.order());
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
