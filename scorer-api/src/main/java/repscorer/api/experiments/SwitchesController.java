package repscorer.api.experiments;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.security.SecurityRequirement;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import repscorer.api.changes.Administration;
import repscorer.api.changes.Change;
import repscorer.api.engine.LiveConfig;
import repscorer.api.mapping.Requests;
import repscorer.api.security.Needs;
import repscorer.api.security.Role;
import repscorer.core.experiment.Switches.Kind;
import repscorer.core.experiment.Switches.Part;
import repscorer.core.failure.ScorerException.NotFound;
import repscorer.wire.HistoryEntryBody;
import repscorer.wire.SwitchBody;
import repscorer.wire.SwitchRequest;

/** Serves surfaces, spaces, releases and callers to a share of those who ask. */
@RestController
@Tag(name = "Switches")
final class SwitchesController {

    private final LiveConfig live;
    private final Administration administration;

    SwitchesController(LiveConfig live, Administration administration) {
        this.live = live;
        this.administration = administration;
    }

    @GetMapping(path = "/v1/switches", produces = "application/json")
    @Operation(
            operationId = "listSwitches",
            summary = "What is served to a share of those who ask",
            description = "What is not here is served to all.")
    List<SwitchBody> switches() {
        return live.serving().config().switches().shares().entrySet().stream()
                .map(each -> body(each.getKey(), each.getValue()))
                .sorted(Comparator.comparing(SwitchBody::kind).thenComparing(SwitchBody::name))
                .toList();
    }

    @Needs(Role.EXPERIMENT)
    @PutMapping(path = "/v1/switches/{kind}/{name}", consumes = "application/json", produces = "application/json")
    @Operation(
            operationId = "setSwitch",
            summary = "Serves something to a share of those who ask",
            description = """
                    In force at once, and after a restart; it wins over switches.yaml. A surface that is off is refused with 503; of a \
                    space the columns are left out, with a notice; in place of a release that an experiment names the live one \
                    answers, and one that a request names is refused; a caller, by the name of its key, is refused.""",
            security = @SecurityRequirement(name = "admin"))
    SwitchBody set(
            @Parameter(example = "surface") @PathVariable String kind,
            @Parameter(example = "follow") @PathVariable String name,
            @RequestBody SwitchRequest request) {
        Part part = part(kind, name);
        int share = Requests.required("share", request.share());
        administration.flip(
                part,
                Optional.of(share),
                Administration.Request.byCaller(Requests.required("reason", request.reason())));
        return body(part, share);
    }

    @Needs(Role.EXPERIMENT)
    @DeleteMapping("/v1/switches/{kind}/{name}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(
            operationId = "clearSwitch",
            summary = "Takes away what the API said of a switch",
            description = "What switches.yaml says is in force again, or all are served.",
            security = @SecurityRequirement(name = "admin"))
    void clear(
            @Parameter(example = "surface") @PathVariable String kind,
            @Parameter(example = "follow") @PathVariable String name,
            @Parameter(description = "in words, for the history") @RequestParam String reason) {
        administration.flip(part(kind, name), Optional.empty(), Administration.Request.byCaller(reason));
    }

    @Needs(Role.EXPERIMENT)
    @GetMapping(path = "/v1/switches/history", produces = "application/json")
    @Operation(
            operationId = "readSwitchHistory",
            summary = "What was switched by whom and why, latest first",
            description = "The last 1,000 are told.",
            security = @SecurityRequirement(name = "admin"))
    List<HistoryEntryBody> history() {
        return HistoryBodies.of(administration.history().ofSwitches());
    }

    private static Part part(String kind, String name) {
        return Arrays.stream(Kind.values())
                .filter(each -> each.toString().equals(kind))
                .findFirst()
                .map(each -> new Part(each, name))
                .orElseThrow(() -> new NotFound(
                        "unknown-kind",
                        "there are no switches of kind '%s'; there are %s".formatted(kind, List.of(Kind.values()))));
    }

    private SwitchBody body(Part part, int share) {
        boolean ofApi = live.overlay().switches().shares().containsKey(part);
        Optional<Change> change = ofApi
                ? administration
                        .history()
                        .holding(Change.Subject.SWITCH, part.name(), part.kind().toString())
                : Optional.empty();
        return new SwitchBody(
                part.kind().toString(),
                part.name(),
                share,
                ofApi ? "api" : "file",
                change.map(each -> each.at().toString()).orElse(null),
                change.map(Change::author).orElse(null),
                change.map(Change::reason).orElse(null));
    }
}
