package repscorer.api.candidates;

import org.springframework.stereotype.Component;
import repscorer.api.decisions.DecisionRecorder;
import repscorer.api.engine.LiveConfig;
import repscorer.api.engine.Serving;
import repscorer.api.guard.VariantWatch;
import repscorer.api.mapping.Answers;
import repscorer.api.mapping.CandidateRequests;
import repscorer.api.mapping.Requests;
import repscorer.api.observe.AnswerMetrics;
import repscorer.api.security.CallerSwitch;
import repscorer.api.slow.SlowRequests;
import repscorer.api.slow.Watched;
import repscorer.api.tenants.TenantBounds;
import repscorer.api.tenants.TenantFailures;
import repscorer.api.tenants.World;
import repscorer.core.answer.ScoredCandidates;
import repscorer.core.entity.EntityId;
import repscorer.core.query.CandidateQuery;
import repscorer.wire.CandidatesRequest;
import repscorer.wire.CandidatesResponse;
import repscorer.wire.WhyNotRequest;
import repscorer.wire.WhyNotResponse;

/** Answers requests for candidates and for the reason why one is missing, whatever they came by. Safe for concurrent use. */
@Component
public final class CandidateAnswers {

    private final LiveConfig live;
    private final Requests requests;
    private final CandidateRequests candidates;
    private final AnswerMetrics metrics;
    private final DecisionRecorder recorder;
    private final VariantWatch watch;
    private final SlowRequests slow;

    CandidateAnswers(
            LiveConfig live,
            Requests requests,
            CandidateRequests candidates,
            AnswerMetrics metrics,
            DecisionRecorder recorder,
            VariantWatch watch,
            SlowRequests slow) {
        this.live = live;
        this.requests = requests;
        this.candidates = candidates;
        this.metrics = metrics;
        this.recorder = recorder;
        this.watch = watch;
        this.slow = slow;
    }

    /** @throws repscorer.core.failure.ScorerException for a request that cannot be answered */
    public CandidatesResponse candidates(CandidatesRequest request) {
        Serving serving = live.serving();
        CandidateQuery query = TenantBounds.checked(
                World.current(), candidates.query(request), serving.config().plans());
        CallerSwitch.check(serving, query.unit(), query.source());
        try (Watched watched = slow.watch("candidates", query.surface())) {
            ScoredCandidates answer = answer(serving, request, query, watched);
            metrics.answered(query.surface(), answer);
            serving.shadows().answered(query, answer);
            return Answers.candidates(query.surface(), answer, query.explain());
        }
    }

    private ScoredCandidates answer(Serving serving, CandidatesRequest request, CandidateQuery query, Watched watched) {
        watched.size("excluded", query.excludeIds().size());
        query.k().ifPresent(k -> watched.size("k", k));
        try {
            ScoredCandidates answer = TenantFailures.told(
                    World.current(),
                    () -> recorder.answer(serving, request, query, watched.with(watch.watcher(serving, query))));
            watched.size("answered", answer.candidates().size()).answered(answer.provenance());
            return answer;
        } catch (RuntimeException e) {
            watched.failed(e);
            watch.failed(serving, query, e);
            throw e;
        }
    }

    /** @throws repscorer.core.failure.ScorerException for a request that cannot be answered */
    public WhyNotResponse whyNot(WhyNotRequest request) {
        EntityId id = Requests.id("id", request.id());
        CandidateQuery query = candidates.query(new CandidatesRequest(
                request.surface(),
                request.source(),
                request.k(),
                request.filters(),
                request.overrides(),
                request.unit(),
                request.context(),
                null,
                null));
        Serving serving = live.serving();
        CallerSwitch.check(serving, query.unit(), query.source());
        return Answers.whyNot(
                serving.scorer().whyNot(query, id, requests.limits().kMax()));
    }
}
