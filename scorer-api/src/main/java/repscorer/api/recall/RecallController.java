package repscorer.api.recall;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import repscorer.core.recall.LiveRecall;
import repscorer.core.recall.SpaceRecall;
import repscorer.wire.RecallResponse;
import repscorer.wire.RecallResponse.RecallBody;

/** Tells what share of the best candidates searches find. */
@RestController
@Tag(name = "Spaces")
final class RecallController {

    private final LiveRecall recall;

    RecallController(LiveRecall recall) {
        this.recall = recall;
    }

    @GetMapping(path = "/v1/live-recall", produces = "application/json")
    @Operation(
            operationId = "readLiveRecall",
            summary = "What share of the best candidates searches find",
            description = """
                    Searches that are not exact are answered again exactly in idle time, as many as there is room for. By space, \
                    release and how much of the space a search was allowed to answer; over the last one or two thousand.""")
    RecallResponse recall() {
        return new RecallResponse(
                recall.sampled(),
                recall.skipped(),
                recall.all().stream().map(RecallController::body).toList());
    }

    private static RecallBody body(SpaceRecall known) {
        return new RecallBody(
                known.space(),
                known.release(),
                known.band().toString(),
                known.samples(),
                known.mean(),
                known.lower(),
                known.upper(),
                known.alarm().orElse(null));
    }
}
