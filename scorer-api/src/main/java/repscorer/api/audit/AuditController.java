package repscorer.api.audit;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.security.SecurityRequirement;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import repscorer.api.security.Needs;
import repscorer.api.security.Role;
import repscorer.core.failure.ScorerException.Invalid;
import repscorer.core.failure.ScorerException.Storage;
import repscorer.wire.AuditResponse;
import repscorer.wire.AuditResponse.AuditEntryBody;

/** Tells what was done to the service. */
@RestController
@Tag(name = "Configuration")
final class AuditController {

    private static final int LIMIT_MAX = 1_000;

    private final AuditTrail trail;

    AuditController(AuditTrail trail) {
        this.trail = trail;
    }

    @Needs(Role.ADMIN)
    @GetMapping(path = "/v1/audit", produces = "application/json")
    @Operation(
            operationId = "readAudit",
            summary = "Who changed what, from where, and what it was before",
            description =
                    "In the order it was done. The whole log is read and checked for each answer: a line that does not hang on "
                            + "the one before it is named, and none after it are told.",
            security = @SecurityRequirement(name = "admin"))
    AuditResponse audit(
            @Parameter(description = "the number of the entry before the first one that is told", example = "0")
                    @RequestParam(defaultValue = "0")
                    long after,
            @Parameter(description = "entries at most, 1 to 1000", example = "100") @RequestParam(defaultValue = "100")
                    int limit) {
        if (limit < 1 || limit > LIMIT_MAX) {
            throw new Invalid("out-of-range", "limit", "limit must be 1 to %s: %s".formatted(LIMIT_MAX, limit));
        }
        List<AuditEntryBody> told = new ArrayList<>();
        try {
            AuditLog.Report report = trail.log().read(entry -> {
                if (entry.sequence() > after && told.size() < limit) {
                    told.add(body(entry));
                }
            });
            return new AuditResponse(
                    told, report.entries(), report.hash(), report.broken().orElse(null));
        } catch (IOException e) {
            throw new Storage(
                    Storage.Reason.FAILED, false, "the audit log cannot be read: %s".formatted(e.getMessage()), e);
        }
    }

    private static AuditEntryBody body(AuditEntry entry) {
        return new AuditEntryBody(
                entry.sequence(),
                entry.at().toString(),
                entry.who(),
                entry.from(),
                entry.what(),
                entry.status(),
                entry.before(),
                entry.after(),
                entry.hash());
    }
}
