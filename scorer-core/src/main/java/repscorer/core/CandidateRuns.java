package repscorer.core;

import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import repscorer.core.answer.Provenance;
import repscorer.core.candidates.CandidatePipeline;
import repscorer.core.candidates.CandidateResult;
import repscorer.core.explain.InterleavedResult;
import repscorer.core.query.CandidateQuery;
import repscorer.core.request.ComputePermits;
import repscorer.core.request.DecisionIds;
import repscorer.core.request.PlanResolver;
import repscorer.core.request.Request;
import repscorer.core.request.RequestTrace;
import repscorer.core.request.Resolved;
import repscorer.core.request.Resolved.Contest;
import repscorer.core.request.StageClock;
import repscorer.core.request.StageListener;

/** Resolves requests for candidates and has one plan answer them, or two that share the answer. Safe for concurrent use. */
final class CandidateRuns {

    private final ComputePermits permits;
    private final DecisionIds decisionIds;

    CandidateRuns(ComputePermits permits, DecisionIds decisionIds) {
        this.permits = permits;
        this.decisionIds = decisionIds;
    }

    /**
     * Makes an answer of what one plan or two came to; what makes it is asked with the permit still held.
     *
     * @param one of one plan's result and where it comes from
     * @param two of both teams' results
     */
    record Reader<A>(
            BiFunction<CandidateResult, Supplier<Provenance>, A> one,
            BiFunction<InterleavedResult, Supplier<Provenance>, A> two) {}

    /**
     * Runs a request under a decision id of its own.
     *
     * @param past whether the reader looks past the best k; then effort is the plan's, whatever waits
     */
    <A> A run(
            PlanResolver resolver,
            CandidatePipeline pipeline,
            CandidateQuery query,
            boolean past,
            StageListener heard,
            Reader<A> reader) {
        String decisionId = decisionIds.next();
        StageClock clock = new StageClock(query.surface(), heard);
        Resolved resolved = resolved(resolver, query, past, decisionId);
        return run(pipeline, query, decisionId, resolved, past, clock, reader);
    }

    <A> A run(
            CandidatePipeline pipeline,
            CandidateQuery query,
            String decisionId,
            Resolved resolved,
            boolean past,
            StageClock clock,
            Reader<A> reader) {
        RequestTrace trace = resolved.request().trace();
        if (resolved.contest().isEmpty()) {
            return pipeline.run(
                    query,
                    resolved.request(),
                    past,
                    clock,
                    result -> reader.one().apply(result, () -> trace.toProvenance(decisionId, clock.finish())));
        }
        Contest contest = resolved.contest().get();
        Request second = contest.second();
        List<String> teams = contest.interleaving().teams();
        return pipeline.run(
                query,
                resolved.request(),
                second,
                past,
                clock,
                (a, b) -> reader.two()
                        .apply(
                                InterleavedResult.of(contest, a, b),
                                () -> trace.toProvenance(decisionId, clock.finish())
                                        .with(
                                                teams.get(0),
                                                second.trace().toProvenance(decisionId, Map.of()),
                                                teams.get(1))));
    }

    /** What a request names, with the effort that there is room for. Throws as {@link PlanResolver#resolve}. */
    Resolved resolved(PlanResolver resolver, CandidateQuery query, boolean past, String decisionId) {
        Resolved resolved = resolver.resolve(query, decisionId);
        return new Resolved(
                asked(query, past, resolved.request()),
                resolved.contest().map(contest -> contest.with(asked(query, past, contest.second()))));
    }

    private Request asked(CandidateQuery query, boolean past, Request resolved) {
        Request asked = query.dryRun() ? resolved.dryRun() : resolved;
        return past ? asked : asked.at(permits.effort());
    }
}
