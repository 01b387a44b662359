package repscorer.api.candidates;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import repscorer.api.decisions.DecisionRecorder;
import repscorer.api.engine.LiveConfig;
import repscorer.api.engine.Serving;
import repscorer.api.guard.VariantWatch;
import repscorer.api.mapping.Answers;
import repscorer.api.mapping.CandidateRequests;
import repscorer.api.mapping.Requests;
import repscorer.api.observe.AnswerMetrics;
import repscorer.api.security.CallerSwitch;
import repscorer.core.answer.ScoredCandidates;
import repscorer.core.answer.WhyNot;
import repscorer.core.entity.EntityId;
import repscorer.core.query.CandidateQuery;
import repscorer.wire.CandidatesRequest;
import repscorer.wire.CandidatesResponse;
import repscorer.wire.WhyNotRequest;
import repscorer.wire.WhyNotResponse;

/** Finds and ranks candidates. */
@RestController
@Tag(name = "Scoring")
final class CandidatesController {

    private final LiveConfig live;
    private final Requests requests;
    private final CandidateRequests candidates;
    private final AnswerMetrics metrics;
    private final DecisionRecorder recorder;
    private final VariantWatch watch;

    CandidatesController(
            LiveConfig live,
            Requests requests,
            CandidateRequests candidates,
            AnswerMetrics metrics,
            DecisionRecorder recorder,
            VariantWatch watch) {
        this.live = live;
        this.requests = requests;
        this.candidates = candidates;
        this.metrics = metrics;
        this.recorder = recorder;
        this.watch = watch;
    }

    @PostMapping(path = "/v1/candidates", consumes = "application/json", produces = "application/json")
    @Operation(
            operationId = "findCandidates",
            summary = "The best candidates of a surface for a source",
            description = """
                    Retrieves from every column of the surface's plan, scores the whole union on every column and blends. \
                    The source is one id, several weighted ids, or vectors. Fewer than k come with a reason. The header \
                    X-Decision-Id repeats provenance.decisionId.""")
    ResponseEntity<CandidatesResponse> candidates(@RequestBody CandidatesRequest request) {
        CandidateQuery query = candidates.query(request);
        Serving serving = live.serving();
        CallerSwitch.check(serving, query.unit(), query.source());
        ScoredCandidates answer;
        try {
            answer = recorder.answer(serving, request, query, watch.watcher(serving, query));
        } catch (RuntimeException e) {
            watch.failed(serving, query, e);
            throw e;
        }
        metrics.answered(query.surface(), answer);
        serving.shadows().answered(query, answer);
        return ResponseEntity.ok()
                .header("X-Decision-Id", answer.provenance().decisionId())
                .body(Answers.candidates(query.surface(), answer, query.explain()));
    }

    @PostMapping(path = "/v1/why-not", consumes = "application/json", produces = "application/json")
    @Operation(
            operationId = "explainMissing",
            summary = "Why an id is not among a request's candidates",
            description = """
                    Runs the same request and names the stage that lost the id, the setting that decided and its least value that \
                    takes the id past that stage, all else equal; and under remedy the settings that together have it answered. Both \
                    were tried.""")
    ResponseEntity<WhyNotResponse> whyNot(@RequestBody WhyNotRequest request) {
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
        WhyNot answer = serving.scorer().whyNot(query, id, requests.limits().kMax());
        return ResponseEntity.ok()
                .header("X-Decision-Id", answer.provenance().decisionId())
                .body(Answers.whyNot(answer));
    }
}
