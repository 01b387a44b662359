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
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import repscorer.api.config.ServiceConfig;
import repscorer.api.security.Needs;
import repscorer.api.security.Role;
import repscorer.core.embedding.Space;
import repscorer.core.entity.EntityKind;
import repscorer.core.failure.ScorerException;
import repscorer.core.failure.ScorerException.Invalid;
import repscorer.core.failure.ScorerException.NotFound;
import repscorer.core.failure.ScorerException.Rejected;
import repscorer.core.store.RepresentationStore;
import repscorer.imports.BadRowsException;
import repscorer.imports.ImportColumns;
import repscorer.imports.ImportFormat;
import repscorer.imports.ImportInput;
import repscorer.imports.ImportTarget;
import repscorer.imports.Importer;
import repscorer.imports.UnreadableRowsException;
import repscorer.wire.ImportedBody;

/** Takes rows as other tools write them, for a release to come. */
@RestController
@Tag(name = "Releases")
final class RowsController {

    private static final Logger LOG = LoggerFactory.getLogger(RowsController.class);

    /** How often the log tells how far an import is. */
    private static final long ROWS_TOLD = 100_000;

    private static final int NAMED_MAX = 1_000;

    private final RepresentationStore store;
    private final long bytesMax;

    RowsController(RepresentationStore store, ServiceConfig config) {
        this.store = store;
        this.bytesMax = config.settings().store().stagedFileMax().toBytes();
    }

    @Needs(Role.PUBLISH)
    @PutMapping(
            path = "/v1/releases/{release}/rows/{space}",
            consumes = {
                "application/octet-stream",
                "application/vnd.apache.parquet",
                "application/x-ndjson",
                "text/csv",
                "text/tab-separated-values"
            },
            produces = "application/json")
    @Operation(
            operationId = "stageRows",
            summary = "Stages one space of a release to come from rows that another tool wrote",
            description = """
                    The body is streamed. For npy, fvecs, ivecs and bvecs the ids come ahead of it, one a line, ended by an empty line. \
                    With more bad rows than allowed nothing is staged, and 422 counts them and names the first by number and \
                    rule.""",
            security = @SecurityRequirement(name = "admin"),
            requestBody =
                    @io.swagger.v3.oas.annotations.parameters.RequestBody(
                            required = true,
                            content = {
                                @Content(
                                        mediaType = "application/octet-stream",
                                        schema = @Schema(type = "string", format = "binary")),
                                @Content(
                                        mediaType = "application/vnd.apache.parquet",
                                        schema = @Schema(type = "string", format = "binary")),
                                @Content(mediaType = "application/x-ndjson", schema = @Schema(type = "string")),
                                @Content(mediaType = "text/csv", schema = @Schema(type = "string")),
                                @Content(mediaType = "text/tab-separated-values", schema = @Schema(type = "string"))
                            }))
    ImportedBody rows(
            @Parameter(example = "2026-11-21") @PathVariable String release,
            @Parameter(example = "twhin-user") @PathVariable String space,
            @Parameter(
                            description = "how the rows are written",
                            example = "parquet",
                            schema =
                                    @Schema(
                                            allowableValues = {
                                                "parquet", "jsonl", "csv", "tsv", "npy", "fvecs", "ivecs", "bvecs"
                                            }))
                    @RequestParam
                    String format,
            @Parameter(
                            description =
                                    "what the rows were learnt by; files of a model in a release name the same, or none does")
                    @RequestParam
                    Optional<String> training,
            @Parameter(
                            description = "the column of ids, or the key in JSON; guessed where none is called id",
                            example = "item_id")
                    @RequestParam
                    Optional<String> id,
            @Parameter(
                            description =
                                    "the column of lists, or those of single numbers in their order, separated by commas; guessed where none is called vector",
                            example = "embedding")
                    @RequestParam(defaultValue = "")
                    List<String> vector,
            @Parameter(
                            description =
                                    "the space's kind; where it is given, ids without a colon, such as names and UUIDs, are of it",
                            example = "user")
                    @RequestParam
                    Optional<String> kind,
            @Parameter(description = "how many bad rows are left out") @RequestParam(defaultValue = "0")
                    long badRowsMax,
            @Parameter(description = "how many bad rows are named") @RequestParam(defaultValue = "10") int badRowsNamed,
            @Parameter(hidden = true) HttpServletRequest request)
            throws IOException {
        Space declared = store.space(space)
                .orElseThrow(() -> new NotFound("unknown-space", "space '%s' is not declared".formatted(space)));
        checkRange("badRowsMax", badRowsMax, Long.MAX_VALUE);
        checkRange("badRowsNamed", badRowsNamed, NAMED_MAX);
        ImportTarget target = target(declared, kind, training);
        ImportColumns columns = checked("vector", () -> new ImportColumns(id, vector));
        Importer importer = checked(
                "format", () -> new Importer(target, ImportFormat.of(format), columns, badRowsMax, badRowsNamed));
        AtomicReference<Importer.Result> result = new AtomicReference<>();
        try (InputStream body = new UploadStream(request.getInputStream(), bytesMax)) {
            String version = store.stage(
                    release,
                    space,
                    directory ->
                            result.set(ImportThread.run(space, () -> run(importer, release, space, body, directory))));
            Importer.Result done = Objects.requireNonNull(result.get());
            LOG.info("staged {} rows of {} for release {}: version {}", done.rows(), space, release, version);
            return new ImportedBody(
                    release,
                    space,
                    version,
                    done.rows(),
                    done.zeroVectors(),
                    done.badRows(),
                    done.named(),
                    done.columns().orElse(null));
        }
    }

    private static void checkRange(String name, long value, long max) {
        if (value < 0 || value > max) {
            throw new Invalid("out-of-range", name, "%s must be 0 to %s: %s".formatted(name, max, value));
        }
    }

    private static ImportTarget target(Space space, Optional<String> kind, Optional<String> training) {
        ImportTarget declared = ImportTarget.of(space);
        ImportTarget typed =
                kind.isEmpty() ? declared : checked("kind", () -> declared.withPlainIds(new EntityKind(kind.get())));
        return training.isEmpty() ? typed : checked("training", () -> typed.withTraining(training.get()));
    }

    private static <T> T checked(String field, Supplier<T> made) {
        try {
            return made.get();
        } catch (IllegalArgumentException e) {
            throw new Invalid("bad-import", field, String.valueOf(e.getMessage()));
        }
    }

    private static Importer.Result run(
            Importer importer, String release, String space, InputStream body, Path directory) throws IOException {
        try (ImportInput input = ImportInput.of("the body", body, importer.format())) {
            return importer.run(input, directory, rows -> {
                if (rows % ROWS_TOLD == 0) {
                    LOG.info("importing {} for release {}: {} rows read", space, release, rows);
                }
            });
        } catch (BadRowsException e) {
            throw new Rejected("bad-rows", String.valueOf(e.getMessage()), e);
        } catch (UnreadableRowsException | IllegalArgumentException e) {
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                if (cause instanceof ScorerException refused) {
                    throw refused;
                }
            }
            throw new Rejected("unreadable-rows", String.valueOf(e.getMessage()), e);
        }
    }
}
