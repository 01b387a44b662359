package repscorer.api.experiments;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.security.SecurityRequirement;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import repscorer.api.changes.Administration;
import repscorer.api.changes.Administration.Expected;
import repscorer.api.config.ConfigFiles.Document;
import repscorer.api.problem.RefusedException;
import repscorer.api.security.Needs;
import repscorer.api.security.Role;
import repscorer.core.failure.ScorerException.Conflict;
import repscorer.core.failure.ScorerException.Invalid;
import repscorer.core.failure.ScorerException.NotFound;
import repscorer.wire.ExperimentBody;
import repscorer.wire.ExperimentSourceBody;
import repscorer.wire.HistoryEntryBody;

/** Reads and changes single experiments, each by the document that says what it is, and tells what was changed by whom. */
@RestController
@Tag(name = "Experiments")
final class ExperimentChangesController {

    private static final String DIFFERS = "version-differs";

    private final Administration administration;
    private final ExperimentBodies bodies;

    ExperimentChangesController(Administration administration, ExperimentBodies bodies) {
        this.administration = administration;
        this.bodies = bodies;
    }

    @GetMapping(path = "/v1/experiments/{name}", produces = "application/json")
    @Operation(
            operationId = "readExperiment",
            summary = "An experiment and the document that says what it is",
            description = "The header ETag has the document's version, which a change names in If-Match.")
    ResponseEntity<ExperimentSourceBody> read(@Parameter(example = "follow-blend") @PathVariable String name) {
        return answer(name);
    }

    @Needs(Role.EXPERIMENT)
    @PutMapping(
            path = "/v1/experiments/{name}",
            consumes = {"application/yaml", "application/json"},
            produces = "application/json")
    @Operation(
            operationId = "putExperiment",
            summary = "Puts an experiment into force",
            description = """
                    The body is what a file of experiments/ holds, as YAML or JSON. It is checked with the whole configuration, kept \
                    with author and reason, and in force at once; it wins over a file of the same experiment. 422 tells the place of \
                    what breaks a rule; nothing is changed then. One that is there already is changed with If-Match: its version, \
                    or * for any.""",
            security = @SecurityRequirement(name = "admin"),
            requestBody =
                    @io.swagger.v3.oas.annotations.parameters.RequestBody(
                            required = true,
                            content = {
                                @Content(mediaType = "application/yaml", schema = @Schema(type = "string")),
                                @Content(mediaType = "application/json", schema = @Schema(type = "object"))
                            }))
    ResponseEntity<ExperimentSourceBody> put(
            @Parameter(example = "follow-blend") @PathVariable String name,
            @Parameter(description = "in words, for the history") @RequestParam String reason,
            @RequestHeader(name = "If-Match", required = false) @Nullable String ifMatch,
            @RequestHeader(name = "If-None-Match", required = false) @Nullable String ifNoneMatch,
            @RequestBody byte[] body) {
        Expected expected =
                ifMatch == null && ifNoneMatch != null && ifNoneMatch.strip().equals("*")
                        ? new Expected.Absent()
                        : expected(name, ifMatch);
        matching(() -> administration.put(name, text(body), expected, Administration.Request.byCaller(reason)));
        return answer(name);
    }

    @Needs(Role.EXPERIMENT)
    @DeleteMapping("/v1/experiments/{name}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(
            operationId = "deleteExperiment",
            summary = "Takes away what the API said of an experiment",
            description = "A file's is in force again where there is one. 409 where a file alone says it.",
            security = @SecurityRequirement(name = "admin"))
    void delete(
            @Parameter(example = "follow-blend") @PathVariable String name,
            @Parameter(description = "in words, for the history") @RequestParam String reason,
            @RequestHeader(name = "If-Match", required = false) @Nullable String ifMatch) {
        Expected expected = ifMatch == null ? new Expected.Any() : expected(name, ifMatch);
        matching(() -> administration.delete(name, expected, Administration.Request.byCaller(reason)));
    }

    @Needs(Role.EXPERIMENT)
    @GetMapping(path = "/v1/experiments/{name}/history", produces = "application/json")
    @Operation(
            operationId = "readExperimentHistory",
            summary = "What was changed of an experiment by whom and why, latest first",
            description = "Over the API and by guard-rails, what was refused included. The last 1,000 are told.",
            security = @SecurityRequirement(name = "admin"))
    List<HistoryEntryBody> history(@Parameter(example = "follow-blend") @PathVariable String name) {
        return HistoryBodies.of(administration.history().ofExperiment(name));
    }

    @Needs(Role.EXPERIMENT)
    @PostMapping(path = "/v1/experiments/{name}/variants/{variant}/stop", produces = "application/json")
    @Operation(
            operationId = "stopVariant",
            summary = "Answers a variant's units by the surface's own plan",
            description = "Until it is resumed, over restarts too.",
            security = @SecurityRequirement(name = "admin"))
    ExperimentBody stop(
            @Parameter(example = "follow-blend") @PathVariable String name,
            @Parameter(example = "simclusters-heavier") @PathVariable String variant,
            @Parameter(description = "in words, for the history") @RequestParam String reason) {
        administration.stop(name, variant, true, Administration.Request.byCaller(reason));
        return bodies.of(name).orElseThrow();
    }

    @Needs(Role.EXPERIMENT)
    @PostMapping(path = "/v1/experiments/{name}/variants/{variant}/resume", produces = "application/json")
    @Operation(
            operationId = "resumeVariant",
            summary = "Lifts a stop",
            description = "What a guard-rail stopped is watched anew.",
            security = @SecurityRequirement(name = "admin"))
    ExperimentBody resume(
            @Parameter(example = "follow-blend") @PathVariable String name,
            @Parameter(example = "simclusters-heavier") @PathVariable String variant,
            @Parameter(description = "in words, for the history") @RequestParam String reason) {
        administration.stop(name, variant, false, Administration.Request.byCaller(reason));
        return bodies.of(name).orElseThrow();
    }

    private Expected expected(String name, @Nullable String ifMatch) {
        if (ifMatch == null) {
            administration.document(name).ifPresent(there -> {
                throw new RefusedException(
                        HttpStatus.PRECONDITION_REQUIRED,
                        "version-missing",
                        "experiment %s is there already: say which version is changed, If-Match: \"%s\""
                                .formatted(name, there.digest()));
            });
            return new Expected.Absent();
        }
        String tag = ifMatch.strip();
        return tag.equals("*")
                ? new Expected.Any()
                : new Expected.Version(tag.replaceFirst("^W/", "").replace("\"", ""));
    }

    private static void matching(Runnable change) {
        try {
            change.run();
        } catch (Conflict e) {
            if (e.code().equals(DIFFERS)) {
                throw new RefusedException(HttpStatus.PRECONDITION_FAILED, DIFFERS, String.valueOf(e.getMessage()));
            }
            throw e;
        }
    }

    private static String text(byte[] body) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new Invalid("malformed-text", "body", "a document is UTF-8");
        }
    }

    private ResponseEntity<ExperimentSourceBody> answer(String name) {
        Document document = administration
                .document(name)
                .orElseThrow(() -> new NotFound("unknown-experiment", "no experiment is called '%s'".formatted(name)));
        return ResponseEntity.ok()
                .eTag("\"" + document.digest() + "\"")
                .body(new ExperimentSourceBody(
                        document.ofApi() ? "api" : "file",
                        document.place(),
                        document.digest(),
                        document.text(),
                        bodies.of(name).orElseThrow()));
    }
}
