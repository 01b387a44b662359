package repscorer.api.candidates;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import repscorer.api.tenants.ForTenants;
import repscorer.wire.CandidatesRequest;
import repscorer.wire.CandidatesResponse;
import repscorer.wire.WhyNotRequest;
import repscorer.wire.WhyNotResponse;

/** Finds and ranks candidates. */
@RestController
@Tag(name = "Scoring")
final class CandidatesController {

    private final CandidateAnswers answers;

    CandidatesController(CandidateAnswers answers) {
        this.answers = answers;
    }

    @ForTenants
    @PostMapping(path = "/v1/candidates", consumes = "application/json", produces = "application/json")
    @Operation(
            operationId = "findCandidates",
            summary = "The best candidates of a surface for a source",
            description = """
                    Retrieves from every column of the surface's plan, scores the whole union on every column and blends. \
                    The source is one id, several weighted ids, or vectors. Fewer than k come with a reason. The header \
                    X-Decision-Id repeats provenance.decisionId.""")
    ResponseEntity<CandidatesResponse> candidates(@RequestBody CandidatesRequest request) {
        CandidatesResponse answer = answers.candidates(request);
        return ResponseEntity.ok()
                .header("X-Decision-Id", answer.provenance().decisionId())
                .body(answer);
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
        WhyNotResponse answer = answers.whyNot(request);
        return ResponseEntity.ok()
                .header("X-Decision-Id", answer.provenance().decisionId())
                .body(answer);
    }
}
