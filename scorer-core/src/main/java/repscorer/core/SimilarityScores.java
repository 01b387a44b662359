package repscorer.core;

import java.time.Duration;
import java.time.InstantSource;
import java.util.function.BiFunction;
import java.util.function.Function;
import repscorer.core.answer.Provenance;
import repscorer.core.answer.ScoredList;
import repscorer.core.answer.ScoredMatrix;
import repscorer.core.answer.ScoredPairs;
import repscorer.core.entity.EntityId;
import repscorer.core.explain.ListPipeline;
import repscorer.core.failure.ScorerException.Invalid;
import repscorer.core.pair.PairScoring;
import repscorer.core.plan.ColumnPlan;
import repscorer.core.plan.ComparisonChecks;
import repscorer.core.plan.Limits;
import repscorer.core.query.MatrixQuery;
import repscorer.core.query.PairQuery;
import repscorer.core.query.ScoreQuery;
import repscorer.core.query.Source;
import repscorer.core.request.Budget;
import repscorer.core.request.ComputePermits;
import repscorer.core.request.DecisionIds;
import repscorer.core.request.PlanResolver;
import repscorer.core.request.Request;
import repscorer.core.request.RequestTrace;
import repscorer.core.request.StageClock;
import repscorer.core.request.StageListener;
import repscorer.core.store.Snapshot;

/** Scores by similarities that requests name, without a surface. Safe for concurrent use. */
final class SimilarityScores {

    /** The surface in stages of such requests. */
    private static final String BY_SIMILARITY = "similarity";

    private final PlanResolver resolver;
    private final ComparisonChecks comparisons;
    private final PairScoring pairScoring;
    private final ListPipeline lists;
    private final Duration budget;
    private final ComputePermits permits;
    private final StageListener listener;
    private final DecisionIds decisionIds;
    private final InstantSource time;

    SimilarityScores(
            PlanResolver resolver,
            ComparisonChecks comparisons,
            PairScoring pairScoring,
            ListPipeline lists,
            Duration budget,
            ComputePermits permits,
            StageListener listener,
            DecisionIds decisionIds,
            InstantSource time) {
        this.time = time;
        this.resolver = resolver;
        this.comparisons = comparisons;
        this.pairScoring = pairScoring;
        this.lists = lists;
        this.budget = budget;
        this.permits = permits;
        this.listener = listener;
        this.decisionIds = decisionIds;
    }

    ScoredList scores(ScoreQuery.BySimilarity query) {
        StageClock clock = new StageClock(BY_SIMILARITY, listener);
        ColumnPlan column = comparisons.column(query.comparison());
        RequestTrace trace =
                RequestTrace.of(resolver.compared(query.comparison(), query.release(), query.source()), time.millis());
        pairScoring.checkLive(query.comparison(), trace);
        return lists.run(
                query,
                column,
                trace,
                Budget.of(budget),
                clock,
                () -> trace.toProvenance(decisionIds.next(), clock.finish()));
    }

    ScoredPairs pairs(PairQuery query) {
        Limits.checkCount("pairs", "pairs are scored", query.pairs().size());
        return bySimilarity(
                resolver.compared(
                        query.comparison(),
                        query.release(),
                        first(query.pairs().getFirst().source())),
                query.pairs().size(),
                trace -> pairScoring.pairs(query, trace, Budget.of(budget)),
                (entries, provenance) -> new ScoredPairs(query.comparison(), entries, provenance));
    }

    ScoredMatrix matrix(MatrixQuery query) {
        long cells = (long) query.sources().size() * query.candidates().size();
        if (cells < 1 || cells > Limits.MATRIX_CELLS_MAX) {
            throw new Invalid(
                    "matrix-out-of-range",
                    "sources",
                    "sources times candidates are 1 to %s: %s times %s"
                            .formatted(
                                    Limits.MATRIX_CELLS_MAX,
                                    query.sources().size(),
                                    query.candidates().size()));
        }
        return bySimilarity(
                resolver.compared(
                        query.comparison(),
                        query.release(),
                        first(query.sources().getFirst())),
                cells,
                trace -> pairScoring.matrix(query, trace, Budget.of(budget)),
                (matrix, provenance) -> new ScoredMatrix(
                        query.comparison(), matrix.sources(), matrix.candidates(), matrix.scores(), provenance));
    }

    /** What requests of several sources are dealt by where something is switched off for some. */
    private static Source first(EntityId source) {
        return Source.Entities.of(source);
    }

    /** Looks sources up, then computes with a permit. */
    private <T, A> A bySimilarity(
            Snapshot snapshot,
            long count,
            Function<RequestTrace, PairScoring.Prepared<T>> prepare,
            BiFunction<T, Provenance, A> answer) {
        StageClock clock = new StageClock(BY_SIMILARITY, listener);
        RequestTrace trace = RequestTrace.of(snapshot, time.millis());
        PairScoring.Prepared<T> prepared = prepare.apply(trace);
        clock.end("source");
        return permits.computing(count > Request.HEAVY_PAIRS, () -> {
            T scores = prepared.compute();
            clock.end("score");
            return answer.apply(scores, trace.toProvenance(decisionIds.next(), clock.finish()));
        });
    }
}
