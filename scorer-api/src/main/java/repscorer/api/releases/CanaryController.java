package repscorer.api.releases;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.security.SecurityRequirement;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import repscorer.api.changes.Change;
import repscorer.api.experiments.HistoryBodies;
import repscorer.api.security.Needs;
import repscorer.api.security.Role;
import repscorer.core.experiment.Canary;
import repscorer.core.store.gate.Verdict.Forced;
import repscorer.wire.CanaryBody;

/** Tries a release on a share of units before it goes live for all. */
@RestController
@Tag(name = "Releases")
final class CanaryController {

    private final CanaryKeeper canaries;
    private final GateKeeper gates;

    CanaryController(CanaryKeeper canaries, GateKeeper gates) {
        this.canaries = canaries;
        this.gates = gates;
    }

    @Needs(Role.PUBLISH)
    @PostMapping(path = "/v1/releases/{release}/canary", produces = "application/json")
    @Operation(
            operationId = "beginCanary",
            summary = "Has a staged release answer a share of units, and go live after a time",
            description = """
                    Units are dealt by a hash, stay where they are, and are on the same side on all surfaces; requests without a \
                    unit are answered by the live release. It stops by itself where it is worse than the settings of canary allow. \
                    409 gates-failed where it would not be promoted.""",
            security = @SecurityRequirement(name = "admin"))
    CanaryBody begin(
            @Parameter(example = "2026-11-21") @PathVariable String release,
            @Parameter(description = "of ten thousand units, 1 to 5000") @RequestParam int share,
            @Parameter(description = "how long before it may go live, 1 to 2592000") @RequestParam long seconds,
            @Parameter(description = "whether it is tried, and goes live, though gates fail")
                    @RequestParam(defaultValue = "false")
                    boolean force,
            @Parameter(description = "in words, for the history; needed where it is forced")
                    @RequestParam(required = false)
                    @Nullable
                    String reason) {
        Optional<Forced> forced = gates.forced(force, reason);
        String why = reason == null || reason.isBlank() ? "tried on %s of 10000 units".formatted(share) : reason;
        canaries.begin(release, share, Duration.ofSeconds(seconds), forced, why);
        return canary();
    }

    @Needs(Role.PUBLISH)
    @GetMapping(path = "/v1/canary", produces = "application/json")
    @Operation(
            operationId = "readCanary",
            summary = "Which release is tried on a share of units, and what became of those before it",
            security = @SecurityRequirement(name = "admin"))
    CanaryBody canary() {
        CanaryBody.@Nullable Running running = canaries.running()
                .flatMap(each -> canaries.begun().map(change -> running(each, change)))
                .orElse(null);
        return new CanaryBody(running, HistoryBodies.of(canaries.history()));
    }

    private CanaryBody.Running running(Canary canary, Change begun) {
        return new CanaryBody.Running(
                canary.release(),
                canary.against(),
                canary.tenThousandths(),
                canary.begun().toString(),
                canary.until().toString(),
                canaries.exposures(),
                canaries.exposuresMin(),
                canaries.waitsFor(canary, Instant.now()),
                begun.author(),
                begun.reason());
    }

    @Needs(Role.PUBLISH)
    @DeleteMapping("/v1/canary")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(
            operationId = "stopCanary",
            summary = "Answers all units by the live release",
            description = "What was tried stays staged, and may be promoted, tried again or deleted.",
            security = @SecurityRequirement(name = "admin"))
    void stop(@Parameter(description = "in words, for the history") @RequestParam String reason) {
        canaries.stop(reason);
    }
}
