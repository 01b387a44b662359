package repscorer.api.decisions;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.security.SecurityRequirement;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import repscorer.api.security.Needs;
import repscorer.api.security.Role;
import repscorer.wire.ReplayResponse;

/** Takes decisions again. */
@RestController
@Tag(name = "Decisions")
final class DecisionsController {

    private final Replay replay;

    DecisionsController(Replay replay) {
        this.replay = replay;
    }

    @Needs(Role.READ_SIGNALS)
    @GetMapping(path = "/v1/decisions/{decision}/replay", produces = "application/json")
    @Operation(
            operationId = "replayDecision",
            summary = "Takes a decision again",
            description = """
                    By the plan, the release, the time and the variants of then, whatever the configuration says now. The answer \
                    has the bytes of the one then, but for provenance.micros, unless mayDiffer says why not.""",
            security = @SecurityRequirement(name = "admin"))
    ReplayResponse replay(@Parameter(description = "provenance.decisionId of the answer") @PathVariable String decision) {
        return replay.replay(decision);
    }
}
