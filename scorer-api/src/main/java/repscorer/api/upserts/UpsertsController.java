package repscorer.api.upserts;

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
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import repscorer.api.lines.LineReader;
import repscorer.api.lines.LineStream;
import repscorer.api.security.Needs;
import repscorer.api.security.Role;
import repscorer.api.security.TenantUse;
import repscorer.api.tenants.ForTenants;
import repscorer.api.tenants.World;
import repscorer.core.failure.ScorerException.Conflict;
import repscorer.core.failure.ScorerException.Invalid;
import repscorer.core.failure.ScorerException.NotFound;
import repscorer.core.failure.ScorerException.NotReady;
import repscorer.core.store.PublicationListener;
import repscorer.core.store.RepresentationStore;
import repscorer.core.store.Snapshot;
import repscorer.core.store.SpaceVersion;
import repscorer.wire.ChangeAnswerBody;
import repscorer.wire.ChangeBody;
import repscorer.wire.ChangesSummaryBody;
import repscorer.wire.CompactedBody;

/** Changes single embeddings of the live release. */
@RestController
@Tag(name = "Upserts")
final class UpsertsController {

    private static final Logger LOG = LoggerFactory.getLogger(UpsertsController.class);

    private final RepresentationStore store;
    private final TenantUse use;

    UpsertsController(RepresentationStore store, TenantUse use) {
        this.store = store;
        this.use = use;
    }

    @ForTenants
    @Needs(Role.WRITE)
    @PostMapping(path = "/v1/spaces/{space}/upserts", consumes = LineStream.NDJSON)
    @Operation(
            operationId = "changeSpace",
            summary = "Streams upserts and deletions into the live release",
            description = """
                    One JSON object a line: {"id":"user:1","vector":[0.1,0.9],"seq":7}, a sparse row as \
                    {"id":"user:1","entries":{"cluster:3":0.5}}, a deletion as {"id":"user:1","delete":true}; an engagement as \
                    {"id":"tweet:9","user":"user:1","kind":"favorite"}, where vectors are made from those. Each line is \
                    answered by a line, in order; ACCEPTED means durable and visible to every later request. A seq that is \
                    not above the highest accepted of its producer is answered DUPLICATE and changes nothing. The last line \
                    sums up.""",
            security = @SecurityRequirement(name = "admin"),
            requestBody =
                    @io.swagger.v3.oas.annotations.parameters.RequestBody(
                            required = true,
                            content =
                                    @Content(
                                            mediaType = LineStream.NDJSON,
                                            schema = @Schema(implementation = ChangeBody.class))),
            responses =
                    @ApiResponse(
                            responseCode = "200",
                            description = "a line for each line, then the last one, which sums up",
                            content =
                                    @Content(
                                            mediaType = LineStream.NDJSON,
                                            schema =
                                                    @Schema(
                                                            oneOf = {ChangeAnswerBody.class, ChangesSummaryBody.class
                                                            }))))
    void upserts(
            @Parameter(example = "twhin-user") @PathVariable String space,
            @Parameter(description = "the release that is meant; the live one where absent")
                    @RequestParam(required = false)
                    @Nullable
                    String release,
            @Parameter(description = "who numbers the lines; the numbers of each producer ascend")
                    @RequestParam(required = false, defaultValue = "")
                    String producer,
            @Parameter(description = "what the vectors were learnt by, where they are of the live rows' training only")
                    @RequestParam(required = false)
                    @Nullable
                    String training,
            @Parameter(hidden = true) HttpServletRequest request,
            @Parameter(hidden = true) HttpServletResponse response)
            throws IOException {
        if (producer.startsWith(ChangeParser.OF_TOPICS)) {
            throw new Invalid(
                    "bad-producer",
                    "producer",
                    "names that begin with %s are of partitions of topics".formatted(ChangeParser.OF_TOPICS));
        }
        Snapshot live = live(space);
        RowQuota quota = RowQuota.of(World.of(request), use);
        SpaceVersion version = live.space(space)
                .orElseThrow(
                        () -> new NotReady("space-not-live", "release %s has no %s".formatted(live.release(), space)));
        String learntBy = version.file().training().orElse("none");
        if (training != null && !training.equals(learntBy)) {
            throw new Conflict(
                    "training-differs",
                    "vectors of a space are of one training: %s of release %s names %s, the stream %s"
                            .formatted(space, live.release(), learntBy, training));
        }
        try (InputStream body = request.getInputStream()) {
            UpsertStream changes =
                    new UpsertStream(store, version, release == null ? live.release() : release, producer, quota);
            new LineStream<>("changes to " + space, changes, response).run(new LineReader(body));
        }
    }

    private Snapshot live(String space) {
        World.current().checkSpace(space);
        if (store.space(space).isEmpty()) {
            throw new NotFound("unknown-space", "space '%s' is not declared".formatted(space));
        }
        Snapshot live = store.current();
        if (live.isEmpty()) {
            throw new NotReady("no-live-release", "no release is live yet: publish one first");
        }
        return live;
    }

    @Needs(Role.ADMIN)
    @PostMapping(path = "/v1/spaces/{space}/compact", produces = "application/json")
    @Operation(
            operationId = "compactSpace",
            summary = "Compacts the streamed changes of a space into a new base now",
            description = "Happens by itself in the background; answers when it is done.",
            security = @SecurityRequirement(name = "admin"))
    CompactedBody compact(@Parameter(example = "twhin-user") @PathVariable String space) {
        boolean compacted = store.compact(space, PublicationListener.NONE);
        LOG.info("compacted changes to {}: {}", space, compacted);
        return new CompactedBody(space, compacted);
    }
}
