package repscorer.api.signals;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import repscorer.api.engine.LiveConfig;
import repscorer.api.mapping.Answers;
import repscorer.api.mapping.Requests;
import repscorer.api.observe.AnswerMetrics;
import repscorer.core.answer.EngagementFeatures;
import repscorer.core.entity.EntityId;
import repscorer.core.query.EngagementQuery;
import repscorer.wire.EngagementRequest;
import repscorer.wire.EngagementResponse;

/** Tells how near candidates are to what a user did lately. */
@RestController
@Tag(name = "Signals")
final class EngagementController {

    private final LiveConfig live;
    private final Requests requests;
    private final AnswerMetrics metrics;

    EngagementController(LiveConfig live, Requests requests, AnswerMetrics metrics) {
        this.live = live;
        this.requests = requests;
        this.metrics = metrics;
    }

    @PostMapping(path = "/v1/features/engagement", consumes = "application/json", produces = "application/json")
    @Operation(
            operationId = "readEngagementFeatures",
            summary = "Recent-engagement features of candidates",
            description = """
                    For each declared signal and window: the similarities of what the user last did with each candidate, \
                    as greatest, mean, last or decayed. One read of the user's signals. As many entries as candidates, in \
                    their order; a feature that no signal speaks for is absent.""")
    ResponseEntity<EngagementResponse> engagement(@RequestBody EngagementRequest request) {
        EntityId user = Requests.id("user", request.user());
        List<EntityId> candidates = Requests.ids(
                "candidates",
                Requests.required("candidates", request.candidates()),
                requests.limits().candidatesMax());
        EngagementFeatures answer =
                live.scorer().engagement(new EngagementQuery(user, candidates, Requests.release(request.release())));
        metrics.answered(answer);
        return ResponseEntity.ok()
                .header("X-Decision-Id", answer.provenance().decisionId())
                .body(Answers.engagement(user, answer));
    }
}
