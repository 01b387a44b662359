package repscorer.api.decisions;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.security.SecurityRequirement;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.time.InstantSource;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import repscorer.api.lines.LineReader;
import repscorer.api.lines.LineStream;
import repscorer.api.security.Needs;
import repscorer.api.security.Role;
import repscorer.wire.OutcomeAnswerBody;
import repscorer.wire.OutcomeBody;
import repscorer.wire.OutcomesSummaryBody;

/** Takes what came of answers. */
@RestController
@Tag(name = "Decisions")
final class OutcomesController {

    private final DecisionConfiguration.Holder holder;
    private final OutcomeMetrics metrics;

    OutcomesController(DecisionConfiguration.Holder holder, OutcomeMetrics metrics) {
        this.holder = holder;
        this.metrics = metrics;
    }

    @Needs(Role.WRITE)
    @PostMapping(path = "/v1/outcomes", consumes = LineStream.NDJSON)
    @Operation(
            operationId = "pushOutcomes",
            summary = "Streams in what came of answers",
            description = """
                    One JSON object a line: {"decision":"0193…","candidate":"user:12","kind":"follow"}; value is 1 and time is now \
                    where a line says nothing else. Each line is answered by a line, in order; ACCEPTED means durable, LATE durable \
                    and after the window of its decision. A line may be sent again: of one decision, candidate and kind the \
                    outcome with the latest time counts, of equal times the one that was taken last. The last line sums up.""",
            security = @SecurityRequirement(name = "admin"),
            requestBody =
                    @io.swagger.v3.oas.annotations.parameters.RequestBody(
                            required = true,
                            content =
                                    @Content(
                                            mediaType = LineStream.NDJSON,
                                            schema = @Schema(implementation = OutcomeBody.class))),
            responses =
                    @ApiResponse(
                            responseCode = "200",
                            description = "a line for each line, then the last one, which sums up",
                            content =
                                    @Content(
                                            mediaType = LineStream.NDJSON,
                                            schema =
                                                    @Schema(
                                                            oneOf = {OutcomeAnswerBody.class, OutcomesSummaryBody.class
                                                            }))))
    void outcomes(
            @Parameter(hidden = true) HttpServletRequest request,
            @Parameter(hidden = true) HttpServletResponse response)
            throws IOException {
        DecisionKeeping keeping = holder.keeping().orElseThrow(DecisionKeeping::off);
        OutcomeParser parser = new OutcomeParser(keeping.window(), keeping.ids(), InstantSource.system());
        try (InputStream body = request.getInputStream()) {
            new LineStream<>("outcomes", new OutcomeStream(keeping, parser, metrics), response)
                    .run(new LineReader(body));
        }
    }
}
