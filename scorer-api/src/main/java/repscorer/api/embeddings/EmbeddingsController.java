package repscorer.api.embeddings;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.AbstractList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.RandomAccess;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import repscorer.api.embeddings.EmbeddingBodies.Encoding;
import repscorer.api.engine.LiveConfig;
import repscorer.api.mapping.Requests;
import repscorer.api.security.Needs;
import repscorer.api.security.Role;
import repscorer.api.tenants.ForTenants;
import repscorer.api.tenants.World;
import repscorer.codes.Codebook;
import repscorer.core.align.Adapter;
import repscorer.core.answer.MissingReason;
import repscorer.core.codes.RowCodes;
import repscorer.core.embedding.DenseSpace;
import repscorer.core.embedding.Embedding;
import repscorer.core.embedding.Space;
import repscorer.core.entity.EntityId;
import repscorer.core.failure.ScorerException;
import repscorer.core.store.RepresentationStore;
import repscorer.core.store.Snapshot;
import repscorer.core.store.SpaceVersion;
import repscorer.upstream.UpstreamEmbeddings;
import repscorer.wire.EmbeddingBody;
import repscorer.wire.EmbeddingsRequest;
import repscorer.wire.EmbeddingsResponse;

/** Reads embeddings. */
@RestController
@Tag(name = "Embeddings")
final class EmbeddingsController {

    private static final String ENCODING = "of dense vectors: numbers, or base64 of float32 values, little-endian";

    private static final String AS =
            "a version or a training whose coordinates dense rows are wanted in; 409 where no alignment leads there";

    private static final String DECODED =
            "true for dense rows as their codes have them, as a client that reads codes would have; 409 where there are none";

    private static final String CODES = "application/vnd.repscorer.codes";

    private final RepresentationStore store;
    private final LiveConfig live;
    private final Requests requests;

    EmbeddingsController(RepresentationStore store, LiveConfig live, Requests requests) {
        this.store = store;
        this.live = live;
        this.requests = requests;
    }

    @ForTenants
    @Needs(Role.READ_VECTORS)
    @GetMapping(path = "/v1/embeddings/{space}/{id}", produces = "application/json")
    @Operation(operationId = "readEmbedding", summary = "One embedding", description = """
                    Where the release holds none for the id, the upstream source is asked, where there is one; 404 where \
                    neither has it, 503 where the upstream cannot say.""")
    EmbeddingsResponse one(
            @Parameter(example = "twhin-user") @PathVariable String space,
            @Parameter(example = "user:12") @PathVariable String id,
            @Parameter(description = "the live release where absent") @RequestParam(required = false) @Nullable
                    String release,
            @Parameter(description = AS) @RequestParam(required = false) @Nullable String as,
            @Parameter(description = DECODED) @RequestParam(defaultValue = "false") boolean decoded,
            @Parameter(hidden = true) @RequestHeader(name = UpstreamEmbeddings.FETCH_HEADER, required = false) @Nullable
                    String fetch,
            @Parameter(
                            description = ENCODING,
                            schema =
                                    @Schema(
                                            allowableValues = {"numbers", "base64"},
                                            defaultValue = "numbers"))
                    @RequestParam(defaultValue = "numbers")
                    String encoding) {
        Encoding written = Encoding.of(encoding);
        Pinned pinned = pin(space, release, as).decoding(decoded);
        EntityId entity = Requests.id("id", id);
        checkKind(pinned.space(), entity);
        Embedding embedding = held(pinned, entity, fetch == null).orElseThrow(() -> nothing(pinned, entity));
        return pinned.answer(List.of(EmbeddingBodies.of(entity, pinned.mapped(embedding), pinned.version(), written)));
    }

    private static ScorerException nothing(Pinned pinned, EntityId id) {
        String space = pinned.space().name();
        return pinned.version().isExpired(id)
                ? new ScorerException.NotFound(
                        "expired",
                        "the embedding of %s in space %s of release %s is expired"
                                .formatted(id, space, pinned.release()))
                : new ScorerException.NotFound(
                        "no-embedding",
                        "release %s holds no embedding of %s in space %s".formatted(pinned.release(), id, space));
    }

    /* Who fetches as somebody's upstream is answered out of the release: services that name each other ask in no circles. */
    private Optional<Embedding> held(Pinned pinned, EntityId id, boolean upstreamToo) {
        Optional<Embedding> own = pinned.embedding(id);
        return own.isEmpty() && upstreamToo
                ? live.scorer().embedding(pinned.snapshot(), pinned.space().name(), id)
                : own;
    }

    @ForTenants
    @Needs(Role.READ_VECTORS)
    @PostMapping(path = "/v1/embeddings/{space}", consumes = "application/json", produces = "application/json")
    @Operation(
            operationId = "readEmbeddings",
            summary = "Several embeddings of one space",
            description = "In the order asked for; where there is none there is a reason.")
    EmbeddingsResponse several(
            @Parameter(example = "simclusters-interest") @PathVariable String space,
            @RequestBody EmbeddingsRequest request,
            @Parameter(description = AS) @RequestParam(required = false) @Nullable String as,
            @Parameter(description = DECODED) @RequestParam(defaultValue = "false") boolean decoded,
            @Parameter(
                            description = ENCODING,
                            schema =
                                    @Schema(
                                            allowableValues = {"numbers", "base64"},
                                            defaultValue = "numbers"))
                    @RequestParam(defaultValue = "numbers")
                    String encoding) {
        Encoding written = Encoding.of(encoding);
        List<EntityId> ids = ids(request);
        Pinned pinned = pin(space, request.release(), as).decoding(decoded);
        return pinned.answer(new EachAsWritten(
                ids,
                id -> pinned.embedding(id)
                        .map(found -> EmbeddingBodies.of(id, pinned.mapped(found), pinned.version(), written))
                        .orElseGet(() -> EmbeddingBodies.missing(id, reason(pinned, id)))));
    }

    @ForTenants
    @Needs(Role.READ_VECTORS)
    @PostMapping(path = "/v1/embeddings/{space}", consumes = "application/json", produces = "application/octet-stream")
    @Operation(
            operationId = "readPackedEmbeddings",
            summary = "Several dense embeddings of one space, packed",
            description = """
                    Little-endian: int32 ids asked for, int32 values each, one byte for each id (0 found, 1 no embedding, \
                    2 of another kind), zeros up to a multiple of 4, then float32 values for each id in order, zeros where \
                    there is none. The release and the version are in X-Release and X-Version, and in X-As whose coordinates the \
                    values have where others were asked for.""",
            responses =
                    @ApiResponse(
                            responseCode = "200",
                            content =
                                    @Content(
                                            mediaType = "application/octet-stream",
                                            schema = @Schema(type = "string", format = "binary"))))
    ResponseEntity<byte[]> packed(
            @Parameter(example = "twhin-user") @PathVariable String space,
            @RequestBody EmbeddingsRequest request,
            @Parameter(description = AS) @RequestParam(required = false) @Nullable String as,
            @Parameter(description = DECODED) @RequestParam(defaultValue = "false") boolean decoded) {
        List<EntityId> ids = ids(request);
        Pinned pinned = pin(space, request.release(), as).decoding(decoded);
        DenseSpace dense = dense(pinned);
        int dimension = pinned.adapter().map(Adapter::out).orElse(dense.dimension());
        int rowBytes = Float.BYTES * dimension;
        PackedRows.check(rowBytes, ids.size(), requests.limits().answerMax().toBytes());
        return pinned.packed()
                .body(PackedRows.of(
                        pinned.version(),
                        dense,
                        dimension,
                        rowBytes,
                        PackedRows.values(pinned.rows(), dense, pinned.adapter()),
                        ids));
    }

    @ForTenants
    @Needs(Role.READ_VECTORS)
    @PostMapping(path = "/v1/embeddings/{space}", consumes = "application/json", produces = CODES)
    @Operation(
            operationId = "readCodes",
            summary = "Codes of several dense embeddings of one space",
            description = """
                    Little-endian: int32 ids asked for, int32 bytes of a code, one byte for each id (0 found, 1 no embedding, \
                    2 of another kind), zeros up to a multiple of 4, then a code for each id in order, zeros where there is none. \
                    The release and the version are in X-Release and X-Version, and in X-Codebook the checksum of the codebook that \
                    decodes them: a client that has it needs no other. 409 where the release keeps no codes of the space.""",
            responses =
                    @ApiResponse(
                            responseCode = "200",
                            content =
                                    @Content(mediaType = CODES, schema = @Schema(type = "string", format = "binary"))))
    ResponseEntity<byte[]> codes(
            @Parameter(example = "twhin-user") @PathVariable String space, @RequestBody EmbeddingsRequest request) {
        List<EntityId> ids = ids(request);
        Pinned pinned = pin(space, request.release(), null);
        DenseSpace dense = dense(pinned);
        RowCodes codes = pinned.codes();
        int rowBytes = codes.rows().codebook().rowBytes();
        PackedRows.check(rowBytes, ids.size(), requests.limits().answerMax().toBytes());
        return pinned.packed()
                .header("X-Codebook", codes.rows().codebook().checksum())
                .body(PackedRows.of(
                        pinned.version(),
                        dense,
                        rowBytes,
                        rowBytes,
                        PackedRows.codes(pinned.version(), dense, codes),
                        ids));
    }

    @ForTenants
    @Needs(Role.READ_VECTORS)
    @GetMapping(path = "/v1/spaces/{space}/codebook", produces = "application/octet-stream")
    @Operation(
            operationId = "readCodebook",
            summary = "What decodes the codes of a space",
            description = """
                    Its checksum is the ETag: who has it is answered 304. The bytes are those of docs/algorithms/compression.md. \
                    409 where the release keeps no codes of the space.""",
            responses =
                    @ApiResponse(
                            responseCode = "200",
                            content =
                                    @Content(
                                            mediaType = "application/octet-stream",
                                            schema = @Schema(type = "string", format = "binary"))))
    ResponseEntity<byte[]> codebook(
            @Parameter(example = "twhin-user") @PathVariable String space,
            @Parameter(description = "the live release where absent") @RequestParam(required = false) @Nullable
                    String release,
            @Parameter(hidden = true) @RequestHeader(name = "If-None-Match", required = false) @Nullable String known) {
        Pinned pinned = pin(space, release, null);
        Codebook codebook = pinned.codes().rows().codebook();
        String tag = '"' + codebook.checksum() + '"';
        if (known != null && known.contains(tag)) {
            return ResponseEntity.status(HttpStatus.NOT_MODIFIED).eTag(tag).build();
        }
        return pinned.packed().eTag(tag).body(codebook.toBytes());
    }

    private List<EntityId> ids(EmbeddingsRequest request) {
        return Requests.ids(
                "ids",
                Requests.required("ids", request.ids()),
                requests.limits().idsMax());
    }

    private static DenseSpace dense(Pinned pinned) {
        if (pinned.space() instanceof DenseSpace dense) {
            return dense;
        }
        throw new ScorerException.Invalid(
                "form-differs",
                "space",
                "only dense spaces are answered packed: %s is sparse"
                        .formatted(pinned.space().name()));
    }

    /* The release is looked up once and named from then on, so that a publication in between changes nothing. */
    private Pinned pin(String name, @Nullable String release, @Nullable String as) {
        World.current().checkSpace(name);
        Space space = store.space(name)
                .orElseThrow(() ->
                        new ScorerException.NotFound("unknown-space", "space '%s' is not declared".formatted(name)));
        Snapshot snapshot = release == null ? store.current() : store.named(release);
        if (snapshot.isEmpty()) {
            throw new ScorerException.NotReady("no-release", "no release is live yet");
        }
        SpaceVersion version = snapshot.space(name)
                .map(held -> held.at(System.currentTimeMillis()))
                .orElseThrow(() -> new ScorerException.NotFound(
                        "unknown-version", "release %s does not hold space %s".formatted(snapshot.release(), name)));
        Optional<String> coordinates = Optional.ofNullable(as).map(given -> Requests.name("as", given));
        return new Pinned(
                space,
                snapshot,
                version,
                coordinates,
                coordinates.flatMap(wanted -> adapter(space, snapshot, wanted)),
                version::copyDense);
    }

    private Optional<Adapter> adapter(Space space, Snapshot snapshot, String as) {
        if (!(space instanceof DenseSpace)) {
            throw new ScorerException.Invalid(
                    "form-differs",
                    "as",
                    "only dense spaces have other coordinates: %s is sparse".formatted(space.name()));
        }
        return live.scorer().alignments().fromRelease(snapshot, space.model(), as);
    }

    private static void checkKind(Space space, EntityId id) {
        if (!id.kind().equals(space.kind())) {
            throw new ScorerException.Invalid(
                    "kind-mismatch",
                    "id",
                    "space %s holds kind %s, not %s: %s".formatted(space.name(), space.kind(), id.kind(), id));
        }
    }

    private static MissingReason reason(Pinned pinned, EntityId id) {
        if (pinned.version().isExpired(id)) {
            return MissingReason.EXPIRED;
        }
        return id.kind().equals(pinned.space().kind())
                ? MissingReason.NO_EMBEDDING_SOURCE
                : MissingReason.KIND_MISMATCH;
    }

    /** Bodies that are made when they are written: an answer holds one at a time, however many are asked for. */
    private static final class EachAsWritten extends AbstractList<EmbeddingBody> implements RandomAccess {

        private final List<EntityId> ids;
        private final Function<EntityId, EmbeddingBody> body;

        EachAsWritten(List<EntityId> ids, Function<EntityId, EmbeddingBody> body) {
            this.ids = ids;
            this.body = body;
        }

        @Override
        public EmbeddingBody get(int index) {
            return body.apply(ids.get(index));
        }

        @Override
        public int size() {
            return ids.size();
        }
    }

    /**
     * What is read.
     *
     * @param as whose coordinates are asked for
     * @param adapter to those; empty where they are the release's own
     * @param rows of a dense space, as they are or as codes have them
     */
    private record Pinned(
            Space space,
            Snapshot snapshot,
            SpaceVersion version,
            Optional<String> as,
            Optional<Adapter> adapter,
            RowReader rows) {

        String release() {
            return snapshot.release();
        }

        EmbeddingsResponse answer(List<EmbeddingBody> embeddings) {
            return new EmbeddingsResponse(space.name(), release(), version.version(), embeddings, as.orElse(null));
        }

        ResponseEntity.BodyBuilder packed() {
            ResponseEntity.BodyBuilder answer =
                    ResponseEntity.ok().header("X-Release", release()).header("X-Version", version.version());
            as.ifPresent(coordinates -> answer.header("X-As", coordinates));
            return answer;
        }

        RowCodes codes() {
            return version.codes()
                    .orElseThrow(() -> new ScorerException.Conflict(
                            "no-codes",
                            "release %s keeps no codes of %s: its file under spaces declares none, or it has too few rows"
                                    .formatted(release(), space.name())));
        }

        /** Rows as their codes have them. */
        Pinned decoding(boolean decoded) {
            if (!decoded) {
                return this;
            }
            CodeReader reader = new CodeReader(version, dense(this), codes());
            return new Pinned(space, snapshot, version, as, adapter, reader);
        }

        Optional<Embedding> embedding(EntityId id) {
            if (!(space instanceof DenseSpace dense)) {
                return version.embedding(id);
            }
            OptionalInt ordinal = version.ordinal(id);
            if (ordinal.isEmpty()) {
                return Optional.empty();
            }
            float[] row = new float[dense.dimension()];
            rows.copy(ordinal.getAsInt(), row);
            return Optional.of(new Embedding.Dense(row));
        }

        Embedding mapped(Embedding embedding) {
            return adapter.isPresent() && embedding instanceof Embedding.Dense dense
                    ? new Embedding.Dense(adapter.get().apply(dense.values()))
                    : embedding;
        }
    }
}
