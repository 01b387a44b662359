package repscorer.api.erasure;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.security.SecurityRequirement;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import java.util.Optional;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import repscorer.api.changes.Administration;
import repscorer.api.mapping.Requests;
import repscorer.api.security.Needs;
import repscorer.api.security.Role;
import repscorer.core.entity.EntityId;
import repscorer.core.erasure.Erasure;
import repscorer.core.failure.ScorerException.Invalid;
import repscorer.core.store.StoreErasure.Looked;
import repscorer.wire.ErasureBody;
import repscorer.wire.ErasureBody.CheckedBody;
import repscorer.wire.ErasureBody.PlaceBody;
import repscorer.wire.ErasureRequest;

/** Erases subjects, and tells what became of that. */
@RestController
@Tag(name = "Erasures")
final class ErasuresController {

    private static final int UNIT_CHARACTERS_MAX = 1_000;

    private final Erasures erasures;

    ErasuresController(Erasures erasures) {
        this.erasures = erasures;
    }

    @Needs(Role.ADMIN)
    @PostMapping(path = "/v1/erasures", consumes = "application/json", produces = "application/json")
    @ResponseStatus(HttpStatus.ACCEPTED)
    @Operation(
            operationId = "eraseSubject",
            summary = "Erases a subject from all that is kept",
            description = """
                    On return it is written down and the subject answers nothing. Files are written anew without it in the background, \
                    over restarts too; the receipt tells when that is done.""",
            security = @SecurityRequirement(name = "admin"))
    ErasureBody erase(@RequestBody ErasureRequest request) {
        List<String> texts = Requests.required("ids", request.ids());
        List<String> units = request.units() == null ? List.of() : request.units();
        Administration.Request by = Administration.Request.byCaller(Requests.required("reason", request.reason()));
        if (texts.isEmpty() || texts.size() > Requests.ERASED_MAX || units.size() > Requests.ERASED_MAX) {
            throw new Invalid(
                    "out-of-range",
                    "ids",
                    "an erasure has 1 to %s ids and at most as many units: %s and %s"
                            .formatted(Requests.ERASED_MAX, texts.size(), units.size()));
        }
        List<EntityId> ids = texts.stream().map(ErasuresController::id).toList();
        for (String unit : units) {
            if (unit == null || unit.isBlank() || unit.length() > UNIT_CHARACTERS_MAX) {
                throw new Invalid("bad-unit", "units", "a unit has 1 to %s characters".formatted(UNIT_CHARACTERS_MAX));
            }
        }
        for (String text : texts) {
            if (by.reason().contains(text)) {
                throw new Invalid("reason-names-id", "reason", "a reason is kept, so it names no id");
            }
        }
        return body(erasures.erase(ids, units, by.author(), by.reason()), Optional.empty());
    }

    private static EntityId id(String text) {
        try {
            return EntityId.parse(String.valueOf(text));
        } catch (IllegalArgumentException e) {
            throw new Invalid("malformed-id", "ids", String.valueOf(e.getMessage()));
        }
    }

    @Needs(Role.ADMIN)
    @GetMapping(path = "/v1/erasures", produces = "application/json")
    @Operation(
            operationId = "listErasures",
            summary = "The receipts of all erasures, in the order they were asked for",
            security = @SecurityRequirement(name = "admin"))
    List<ErasureBody> list() {
        return erasures.list().stream()
                .map(each -> body(each, Optional.empty()))
                .toList();
    }

    @Needs(Role.ADMIN)
    @GetMapping(path = "/v1/erasures/{receipt}", produces = "application/json")
    @Operation(
            operationId = "readErasure",
            summary = "The receipt of an erasure: how far it is, or when it was done",
            security = @SecurityRequirement(name = "admin"))
    ErasureBody read(@Parameter(example = "e1-5f3a9c02") @PathVariable String receipt) {
        return body(erasures.find(receipt), Optional.empty());
    }

    @Needs(Role.ADMIN)
    @PostMapping(path = "/v1/erasures/{receipt}/check", produces = "application/json")
    @Operation(
            operationId = "checkErasure",
            summary = "Looks for the subject everywhere again",
            description = """
                    Reads every file of the data directory, and takes as long as that. What was streamed in after the erasure is found \
                    too: the subject is there again.""",
            security = @SecurityRequirement(name = "admin"))
    ErasureBody check(@Parameter(example = "e1-5f3a9c02") @PathVariable String receipt) {
        Erasure erasure = erasures.find(receipt);
        return body(erasure, Optional.of(erasures.check(erasure)));
    }

    private static ErasureBody body(Erasure erasure, Optional<List<Looked>> looked) {
        return new ErasureBody(
                erasure.receipt(),
                erasure.at().toString(),
                erasure.by(),
                erasure.reason(),
                erasure.digests().size(),
                erasure.done().isPresent() ? "done" : erasure.waiting().isPresent() ? "waiting" : "running",
                erasure.waiting().orElse(null),
                erasure.done().map(Object::toString).orElse(null),
                erasure.places().entrySet().stream()
                        .map(each -> new PlaceBody(each.getKey(), each.getValue()))
                        .toList(),
                looked.map(all -> all.stream()
                                .map(each -> new CheckedBody(each.place(), each.files(), each.found()))
                                .toList())
                        .orElse(null),
                looked.map(all -> all.stream().mapToLong(Looked::found).sum()).orElse(null));
    }
}
