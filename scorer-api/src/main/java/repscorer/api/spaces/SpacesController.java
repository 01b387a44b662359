package repscorer.api.spaces;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import repscorer.api.tenants.ForTenants;
import repscorer.api.tenants.World;
import repscorer.core.embedding.DenseSpace;
import repscorer.core.embedding.Space;
import repscorer.core.embedding.SparseSpace;
import repscorer.core.embedding.TextSpace;
import repscorer.core.failure.ScorerException;
import repscorer.core.store.Release;
import repscorer.core.store.RepresentationStore;
import repscorer.core.store.Snapshot;
import repscorer.core.store.SpaceVersion;
import repscorer.wire.SpaceBody;
import repscorer.wire.SpaceReportBody;
import repscorer.wire.SpaceVersionBody;

/** Tells of spaces and their versions. */
@RestController
@Tag(name = "Spaces")
final class SpacesController {

    private final RepresentationStore store;

    SpacesController(RepresentationStore store) {
        this.store = store;
    }

    @ForTenants
    @GetMapping(path = "/v1/spaces", produces = "application/json")
    @Operation(operationId = "listSpaces", summary = "The declared spaces and their live versions")
    List<SpaceBody> spaces() {
        Snapshot snapshot = store.current();
        World world = World.current();
        return store.spaces().stream()
                .filter(space -> world.seesSpace(space.name()))
                .map(space -> body(space, snapshot.space(space.name())))
                .toList();
    }

    @ForTenants
    @GetMapping(path = "/v1/spaces/{space}", produces = "application/json")
    @Operation(
            operationId = "describeSpace",
            summary = "What the live version of a space is made of",
            description =
                    "Rows, changes, bytes by part, and of a graph its degrees, what codes cost, and its recall when it was checked.")
    SpaceReportBody space(@Parameter(example = "twhin-user") @PathVariable String space) {
        checkDeclared(space);
        Snapshot live = store.current();
        if (live.isEmpty()) {
            throw new ScorerException.NotReady("no-live-release", "no release is live yet: publish one first");
        }
        SpaceVersion version = live.space(space)
                .orElseThrow(() -> new ScorerException.NotReady(
                        "space-not-live", "release %s has no %s".formatted(live.release(), space)));
        return SpaceReports.of(live, version, store.releases());
    }

    private void checkDeclared(String space) {
        World.current().checkSpace(space);
        if (store.space(space).isEmpty()) {
            throw new ScorerException.NotFound("unknown-space", "space '%s' is not declared".formatted(space));
        }
    }

    @ForTenants
    @GetMapping(path = "/v1/spaces/{space}/versions", produces = "application/json")
    @Operation(operationId = "listVersions", summary = "The versions of a space that are held, newest first")
    List<SpaceVersionBody> versions(@Parameter(example = "twhin-user") @PathVariable String space) {
        checkDeclared(space);
        List<SpaceVersionBody> versions = new ArrayList<>();
        for (Release release : store.releases()) {
            String version = release.versions().get(space);
            if (version != null && release.state() != Release.State.REJECTED) {
                versions.add(new SpaceVersionBody(
                        space,
                        version,
                        release.name(),
                        release.state().name(),
                        release.publishedAt().toString()));
            }
        }
        return versions;
    }

    private static SpaceBody body(Space space, Optional<SpaceVersion> live) {
        @Nullable String liveVersion = live.map(SpaceVersion::version).orElse(null);
        @Nullable Integer liveCount = live.map(SpaceVersion::count).orElse(null);
        return switch (space) {
            case DenseSpace dense ->
                new SpaceBody(
                        dense.name(),
                        dense.model(),
                        dense.kind().name(),
                        "dense",
                        dense.dimension(),
                        dense.metric().name().toLowerCase(Locale.ROOT).replace('_', '-'),
                        dense.engine(),
                        dense.required(),
                        liveVersion,
                        liveCount);
            case SparseSpace sparse ->
                new SpaceBody(
                        sparse.name(),
                        sparse.model(),
                        sparse.kind().name(),
                        "sparse",
                        null,
                        null,
                        null,
                        sparse.required(),
                        liveVersion,
                        liveCount);
            case TextSpace text ->
                new SpaceBody(
                        text.name(),
                        text.model(),
                        text.kind().name(),
                        "text",
                        null,
                        null,
                        null,
                        text.required(),
                        liveVersion,
                        liveCount);
        };
    }
}
