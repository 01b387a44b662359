package repscorer.api.releases;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.security.SecurityRequirement;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import repscorer.api.config.ServiceConfig;
import repscorer.api.observe.ReleaseMetrics;
import repscorer.api.problem.RefusedException;
import repscorer.api.security.Needs;
import repscorer.api.security.Role;
import repscorer.api.tenants.ForTenants;
import repscorer.api.tenants.World;
import repscorer.api.warm.WarmUp;
import repscorer.core.failure.ScorerException.NotFound;
import repscorer.core.store.PublicationListener;
import repscorer.core.store.Release;
import repscorer.core.store.RepresentationStore;
import repscorer.core.store.RepresentationStore.Missing;
import repscorer.wire.ReleaseBody;
import repscorer.wire.StagedBody;
import repscorer.wire.StagedReleaseBody;

/** Changes what is served, and tells what is. */
@RestController
@Tag(name = "Releases")
final class ReleasesController {

    private static final Logger LOG = LoggerFactory.getLogger(ReleasesController.class);

    private final RepresentationStore store;
    private final ReleaseMetrics metrics;
    private final WarmUp warmUp;
    private final GateKeeper gates;
    private final long stagedBytesMax;

    ReleasesController(
            RepresentationStore store, ReleaseMetrics metrics, WarmUp warmUp, GateKeeper gates, ServiceConfig config) {
        this.store = store;
        this.metrics = metrics;
        this.warmUp = warmUp;
        this.gates = gates;
        this.stagedBytesMax = config.settings().store().stagedFileMax().toBytes();
    }

    @ForTenants
    @GetMapping(path = "/v1/releases", produces = "application/json")
    @Operation(operationId = "listReleases", summary = "Live, kept, staged and rejected releases, newest first")
    List<ReleaseBody> releases() {
        World world = World.current();
        return store.releases().stream()
                .filter(each -> SeenReleases.sees(world, each))
                .map(each -> SeenReleases.of(world, ReleaseBodies.of(each)))
                .toList();
    }

    @ForTenants
    @GetMapping(path = "/v1/releases/{release}", produces = "application/json")
    @Operation(operationId = "readRelease", summary = "One of them")
    ReleaseBody release(@Parameter(example = "2026-11-21") @PathVariable String release) {
        World world = World.current();
        return store.releases().stream()
                .filter(each -> each.name().equals(release) && SeenReleases.sees(world, each))
                .findFirst()
                .map(each -> SeenReleases.of(world, ReleaseBodies.of(each)))
                .orElseThrow(() -> new NotFound("unknown-release", "there is no release '%s'".formatted(release)));
    }

    @Needs(Role.PUBLISH)
    @PutMapping(
            path = "/v1/releases/{release}/files/{space}",
            consumes = "application/octet-stream",
            produces = "application/json")
    @Operation(
            operationId = "stageFile",
            summary = "Uploads one space's embedding file for a release to come",
            description = "The file is streamed to disk and checked whole; 422 tells what is wrong with it.",
            security = @SecurityRequirement(name = "admin"),
            requestBody =
                    @io.swagger.v3.oas.annotations.parameters.RequestBody(
                            required = true,
                            content =
                                    @Content(
                                            mediaType = "application/octet-stream",
                                            schema = @Schema(type = "string", format = "binary"))))
    StagedBody stage(
            @Parameter(example = "2026-11-21") @PathVariable String release,
            @Parameter(example = "twhin-user") @PathVariable String space,
            @Parameter(hidden = true) HttpServletRequest request)
            throws IOException {
        if (request.getContentLengthLong() > stagedBytesMax) {
            throw new RefusedException(
                    HttpStatus.CONTENT_TOO_LARGE,
                    "body-too-large",
                    "an embedding file has at most %s bytes (store.staged-file-max): %s"
                            .formatted(stagedBytesMax, request.getContentLengthLong()));
        }
        try (InputStream body = new UploadStream(request.getInputStream(), stagedBytesMax)) {
            String version = store.stage(release, space, body);
            LOG.info("staged {} for release {}: version {}", space, release, version);
            return new StagedBody(release, space, version);
        }
    }

    @Needs(Role.PUBLISH)
    @GetMapping(path = "/v1/staged-releases", produces = "application/json")
    @Operation(
            operationId = "listStagedReleases",
            summary = "What waits to be published, by name",
            description = "A release whose publication was refused waits here too.",
            security = @SecurityRequirement(name = "admin"))
    List<StagedReleaseBody> staged() {
        return store.staged().stream()
                .map(staged -> new StagedReleaseBody(staged.release(), staged.bytes()))
                .toList();
    }

    @Needs(Role.PUBLISH)
    @DeleteMapping("/v1/staged-releases/{release}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(
            operationId = "discardStagedRelease",
            summary = "Takes away what is staged under a name",
            security = @SecurityRequirement(name = "admin"))
    void discard(@Parameter(example = "2026-11-21") @PathVariable String release) {
        store.discardStaged(release);
        LOG.info("discarded what was staged for release {}", release);
    }

    @Needs(Role.PUBLISH)
    @PostMapping(path = "/v1/releases/{release}/publish", produces = "application/json")
    @Operation(
            operationId = "publishRelease",
            summary = "Builds the indexes of a staged release, checks them and puts it live",
            description = """
                    Answers when the release is live. 422 tells which check failed, 409 that files of a model are of different \
                    trainings, or which spaces of the live release are missing; the live release then stays. \
                    409 gates-failed tells how it compares to the live one where that is out of bounds: it then stays staged, built. \
                    A release whose publication failed is listed as rejected, with the reason. \
                    Publishing the same files under the same name again changes nothing.""",
            security = @SecurityRequirement(name = "admin"))
    ReleaseBody publish(
            @Parameter(example = "2026-11-21") @PathVariable String release,
            @Parameter(description = "whether it may go live without spaces that the live release has")
                    @RequestParam(defaultValue = "false")
                    boolean partial,
            @Parameter(
                            description = "spaces that are carried over from the live release with all their changes;"
                                    + " * for every one that is missing")
                    @RequestParam(required = false)
                    @Nullable
                    List<String> carry,
            @Parameter(
                            description =
                                    "true to have it built and checked and not go live: it answers requests that name"
                                            + " it, and waits for its promotion")
                    @RequestParam(defaultValue = "false")
                    boolean stage,
            @Parameter(description = "whether it goes live though gates fail") @RequestParam(defaultValue = "false")
                    boolean force,
            @Parameter(description = "why, where it is forced; kept with the release")
                    @RequestParam(required = false)
                    @Nullable
                    String reason) {
        Missing missing = missing(partial, carry);
        PublicationListener listener = gates.of(release, gates.forced(force && !stage, reason));
        return changed(() -> {
            if (stage) {
                Release staged = store.prepare(release, missing, listener);
                LOG.info("built release {}, which is not live", release);
                return staged;
            }
            Release published = store.publish(release, missing, listener);
            LOG.info("published release {}", release);
            warmUp.run();
            return published;
        });
    }

    @Needs(Role.PUBLISH)
    @PostMapping(path = "/v1/releases/{release}/promote", produces = "application/json")
    @Operation(
            operationId = "promoteRelease",
            summary = "Puts a release live that was published with stage=true",
            description = """
                    By the same checks as a publication, against what is live by now. What becomes of missing spaces is what was \
                    said when it was staged, unless it is said here. A release that fails stays staged, and the list says why.""",
            security = @SecurityRequirement(name = "admin"))
    ReleaseBody promote(
            @Parameter(example = "2026-11-21") @PathVariable String release,
            @Parameter(description = "whether it may go live without spaces that the live release has")
                    @RequestParam(required = false)
                    @Nullable
                    Boolean partial,
            @Parameter(
                            description =
                                    "spaces that are carried over from the live release; * for every one that is missing")
                    @RequestParam(required = false)
                    @Nullable
                    List<String> carry,
            @Parameter(description = "whether it goes live though gates fail") @RequestParam(defaultValue = "false")
                    boolean force,
            @Parameter(description = "why, where it is forced; kept with the release")
                    @RequestParam(required = false)
                    @Nullable
                    String reason) {
        PublicationListener listener = gates.of(release, gates.forced(force, reason));
        Optional<Missing> missing = partial == null && carry == null
                ? Optional.empty()
                : Optional.of(missing(Boolean.TRUE.equals(partial), carry));
        return changed(() -> {
            Release promoted = store.promote(release, missing, listener);
            LOG.info("promoted release {}", release);
            warmUp.run();
            return promoted;
        });
    }

    private static Missing missing(boolean partial, @Nullable List<String> carry) {
        return new Missing(partial, carry == null ? Set.of() : Set.copyOf(carry));
    }

    private ReleaseBody changed(Supplier<Release> change) {
        try {
            return ReleaseBodies.of(change.get());
        } finally {
            metrics.changed();
        }
    }

    @Needs(Role.PUBLISH)
    @PostMapping(path = "/v1/releases/{release}/roll-back", produces = "application/json")
    @Operation(
            operationId = "rollBackRelease",
            summary = "Puts a kept release live again at once",
            security = @SecurityRequirement(name = "admin"))
    ReleaseBody rollBack(@Parameter(example = "2026-11-20") @PathVariable String release) {
        return changed(() -> {
            Release live = store.rollBack(release);
            LOG.info("rolled back to release {}", release);
            warmUp.run();
            return live;
        });
    }

    @Needs(Role.PUBLISH)
    @PostMapping(path = "/v1/releases/{release}/pin", produces = "application/json")
    @Operation(
            operationId = "pinRelease",
            summary = "Keeps the live or a kept release until it is unpinned",
            description =
                    "However old it grows and however many come after it, over restarts too. At most 20 are pinned at once.",
            security = @SecurityRequirement(name = "admin"))
    ReleaseBody pin(@Parameter(example = "2026-11-20") @PathVariable String release) {
        return ReleaseBodies.of(store.pin(release, true));
    }

    @Needs(Role.PUBLISH)
    @DeleteMapping(path = "/v1/releases/{release}/pin", produces = "application/json")
    @Operation(
            operationId = "unpinRelease",
            summary = "Keeps a release no longer than the others",
            security = @SecurityRequirement(name = "admin"))
    ReleaseBody unpin(@Parameter(example = "2026-11-20") @PathVariable String release) {
        return ReleaseBodies.of(store.pin(release, false));
    }

    @Needs(Role.PUBLISH)
    @DeleteMapping("/v1/releases/{release}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(
            operationId = "deleteRelease",
            summary = "Deletes a kept or staged release, or the record of a rejected one",
            description = "409 for one that is live or pinned.",
            security = @SecurityRequirement(name = "admin"))
    void delete(@Parameter(example = "2026-11-20") @PathVariable String release) {
        try {
            store.delete(release);
        } finally {
            metrics.changed();
        }
    }
}
