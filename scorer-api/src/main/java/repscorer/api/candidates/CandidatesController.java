package repscorer.api.candidates;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import repscorer.api.engine.LiveConfig;
import repscorer.api.engine.Serving;
import repscorer.api.guard.VariantWatch;
import repscorer.api.mapping.Answers;
import repscorer.api.mapping.Requests;
import repscorer.api.observe.AnswerMetrics;
import repscorer.api.security.CallerSwitch;
import repscorer.core.answer.ScoredCandidates;
import repscorer.core.answer.WhyNot;
import repscorer.core.entity.EntityId;
import repscorer.core.query.CandidateQuery;
import repscorer.wire.CandidatesRequest;
import repscorer.wire.CandidatesRequest.Filters;
import repscorer.wire.CandidatesResponse;
import repscorer.wire.WhyNotRequest;
import repscorer.wire.WhyNotResponse;

/** Finds and ranks candidates. */
@RestController
@Tag(name = "Scoring")
final class CandidatesController {

    private static final int HISTORIES_MAX = 100;

    private final LiveConfig live;
    private final Requests requests;
    private final AnswerMetrics metrics;
    private final VariantWatch watch;

    CandidatesController(LiveConfig live, Requests requests, AnswerMetrics metrics, VariantWatch watch) {
        this.live = live;
        this.requests = requests;
        this.metrics = metrics;
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
        CandidateQuery query = query(request);
        Serving serving = live.serving();
        CallerSwitch.check(serving, query.unit(), query.source());
        ScoredCandidates answer;
        try {
            answer = serving.scorer().candidates(query);
        } catch (RuntimeException e) {
            watch.failed(serving, query, e);
            throw e;
        }
        watch.answered(serving, query, answer);
        metrics.answered(query.surface(), answer);
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
        CandidateQuery query = query(new CandidatesRequest(
                request.surface(),
                request.source(),
                request.k(),
                request.filters(),
                request.overrides(),
                request.unit(),
                null));
        Serving serving = live.serving();
        CallerSwitch.check(serving, query.unit(), query.source());
        WhyNot answer = serving.scorer().whyNot(query, id, requests.limits().kMax());
        return ResponseEntity.ok()
                .header("X-Decision-Id", answer.provenance().decisionId())
                .body(Answers.whyNot(answer));
    }

    private CandidateQuery query(CandidatesRequest request) {
        Filters filters = request.filters() == null ? Filters.NONE : request.filters();
        return new CandidateQuery(
                Requests.name("surface", request.surface()),
                requests.source(request.source()),
                requests.k(request.k()),
                Requests.kinds("filters.kinds", filters.kinds()),
                requests.where(filters.where()),
                excluded(filters.excludeIds()),
                histories(filters.excludeHistories()),
                requests.overrides(request.overrides()),
                Requests.unit(request.unit()),
                Boolean.TRUE.equals(request.explain()),
                Boolean.TRUE.equals(request.dryRun()));
    }

    private List<EntityId> excluded(@Nullable List<String> ids) {
        return Requests.ids("filters.excludeIds", ids, requests.limits().excludedMax());
    }

    private static Optional<List<String>> histories(@Nullable List<String> names) {
        if (names == null) {
            return Optional.empty();
        }
        Requests.checkSize("filters.excludeHistories", names.size(), HISTORIES_MAX);
        for (int i = 0; i < names.size(); i++) {
            Requests.name("filters.excludeHistories[" + i + "]", names.get(i));
        }
        return Optional.of(List.copyOf(names));
    }
}
