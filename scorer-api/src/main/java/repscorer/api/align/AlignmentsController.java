package repscorer.api.align;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.security.SecurityRequirement;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import repscorer.api.engine.LiveConfig;
import repscorer.api.security.Needs;
import repscorer.api.security.Role;
import repscorer.core.align.Alignment;
import repscorer.core.align.AlignmentFile;
import repscorer.core.align.AlignmentOptions;
import repscorer.core.store.RepresentationStore;
import repscorer.wire.AlignmentsResponse;

/** Fits maps between the coordinates of releases, tells which there are, and deletes them. */
@RestController
@Tag(name = "Releases")
final class AlignmentsController {

    private static final Logger LOG = LoggerFactory.getLogger(AlignmentsController.class);

    private final RepresentationStore store;
    private final LiveConfig live;

    AlignmentsController(RepresentationStore store, LiveConfig live) {
        this.store = store;
        this.live = live;
    }

    @Needs(Role.PUBLISH)
    @PostMapping(path = "/v1/releases/{release}/alignments/{from}", produces = "application/json")
    @Operation(
            operationId = "alignRelease",
            summary = "Fits maps from another release's coordinates onto this one's and back, and keeps them with it",
            description = """
                    One for each model whose dense spaces both hold and whose trainings differ, fitted on shared ids and judged by \
                    others. 409 where too few ids are shared, or where mapped rows find too few of the neighbours: nothing is kept \
                    then. 503 where it would take longer than the request may.""",
            security = @SecurityRequirement(name = "admin"))
    AlignmentsResponse align(
            @Parameter(description = "the release that it is kept with", example = "2026-11-21") @PathVariable
                    String release,
            @Parameter(description = "the release whose rows are to be understood", example = "2026-11-20")
                    @PathVariable
                    String from,
            @Parameter(
                            description = "what is fitted; auto for the best by recall, the simpler one of two alike",
                            schema =
                                    @Schema(
                                            allowableValues = {"auto", "procrustes", "affine", "residual"},
                                            defaultValue = "auto"))
                    @RequestParam(defaultValue = "auto")
                    String method,
            @Parameter(description = "a dense space whose ids alone are looked at; those of all where absent")
                    @RequestParam(required = false)
                    @Nullable
                    String space,
            @Parameter(
                            description = "ids that are drawn at most, 500 to 100000",
                            schema = @Schema(type = "integer", format = "int32", defaultValue = "22000"))
                    @RequestParam(required = false)
                    @Nullable
                    Integer sample,
            @Parameter(
                            description = "the least recall on held-out ids in both directions, 0.02 to 1",
                            schema = @Schema(type = "number", format = "double", defaultValue = "0.1"))
                    @RequestParam(required = false)
                    @Nullable
                    Double recallMin,
            @Parameter(
                            description = "of the draw and of what is learnt",
                            schema = @Schema(type = "integer", format = "int64", defaultValue = "42"))
                    @RequestParam(required = false)
                    @Nullable
                    Long seed) {
        AlignmentOptions options = new AlignmentOptions(
                AlignmentOptions.method(method),
                Optional.ofNullable(space),
                Optional.ofNullable(sample).orElse(AlignmentOptions.SAMPLE_DEFAULT),
                Optional.ofNullable(recallMin).orElse(AlignmentOptions.RECALL_MIN_DEFAULT),
                Optional.ofNullable(seed).orElse(AlignmentOptions.SEED_DEFAULT));
        Map<String, Alignment> fitted = new TreeMap<>();
        for (Alignment each : live.scorer().align(from, release, options)) {
            fitted.put(AlignmentFile.name(each), each);
            LOG.info("aligned {} of {} with {}: {}", each.model(), from, release, each.method());
        }
        return AlignmentBodies.of(release, fitted);
    }

    @Needs(Role.PUBLISH)
    @GetMapping(path = "/v1/releases/{release}/alignments", produces = "application/json")
    @Operation(
            operationId = "listAlignments",
            summary = "The alignments that are kept with a release",
            security = @SecurityRequirement(name = "admin"))
    AlignmentsResponse alignments(@Parameter(example = "2026-11-21") @PathVariable String release) {
        return AlignmentBodies.of(release, live.scorer().alignments().of(store.named(release)));
    }

    @Needs(Role.PUBLISH)
    @DeleteMapping("/v1/releases/{release}/alignments/{name}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(
            operationId = "deleteAlignment",
            summary = "Deletes an alignment: rows that need it are refused from then on",
            security = @SecurityRequirement(name = "admin"))
    void delete(
            @Parameter(example = "2026-11-21") @PathVariable String release,
            @Parameter(description = "as the list has it", example = "twhin-0f3a9c12d4e5") @PathVariable String name) {
        live.scorer().alignments().delete(store.named(release), name);
        LOG.info("deleted alignment {} of release {}", name, release);
    }
}
