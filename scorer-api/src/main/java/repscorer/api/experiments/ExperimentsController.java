package repscorer.api.experiments;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import repscorer.api.engine.LiveConfig;
import repscorer.api.mapping.Requests;
import repscorer.core.experiment.Assigner;
import repscorer.core.experiment.Assignment;
import repscorer.core.failure.ScorerException;
import repscorer.wire.AssignmentsResponse;
import repscorer.wire.AssignmentsResponse.AssignedBody;
import repscorer.wire.AssignmentsResponse.HeldOutBody;
import repscorer.wire.ExperimentBody;

/** Tells of experiments and of the variants that a unit is in. */
@RestController
@Tag(name = "Experiments")
final class ExperimentsController {

    private final LiveConfig live;
    private final ExperimentBodies bodies;

    ExperimentsController(LiveConfig live, ExperimentBodies bodies) {
        this.live = live;
        this.bodies = bodies;
    }

    @GetMapping(path = "/v1/experiments", produces = "application/json")
    @Operation(operationId = "listExperiments", summary = "The experiments, running or not")
    List<ExperimentBody> experiments() {
        return bodies.all();
    }

    @GetMapping(path = "/v1/experiments/assignments", produces = "application/json")
    @Operation(
            operationId = "listAssignments",
            summary = "The variants that a unit is in",
            description =
                    "Of requests that are eligible; where a context is told, of those with it. The same unit is in the"
                            + " same variants on every machine.")
    AssignmentsResponse assignments(
            @Parameter(example = "user:12") @RequestParam String unit,
            @Parameter(
                            description =
                                    "What requests tell of whom they are for, as NAME=VALUE; may be repeated, or empty.",
                            example = "country=de")
                    @RequestParam(required = false)
                    @Nullable
                    List<String> context,
            HttpServletRequest request) {
        String checked = Requests.unit(unit).orElseThrow();
        Assigner assigner = live.serving().assigner();
        Assigner.HeldOut heldOut = assigner.heldOut(checked);
        return new AssignmentsResponse(
                checked,
                assigned(assigner, checked, context == null ? null : request.getParameterValues("context")).stream()
                        .map(assignment -> new AssignedBody(
                                assignment.experiment().name(),
                                assignment.experiment().surface(),
                                assignment.variant().name(),
                                assignment.stopped()
                                        ? Map.of()
                                        : new TreeMap<>(assignment.variant().overrides()),
                                assignment.stopped() ? true : null))
                        .toList(),
                new HeldOutBody(heldOut.everywhere(), heldOut.layers()));
    }

    private static List<Assignment> assigned(Assigner assigner, String unit, String @Nullable [] context) {
        long now = System.currentTimeMillis();
        return context == null
                ? assigner.assign(unit, now)
                : assigner.assign(unit, Requests.context(pairs(context)), now);
    }

    /** Read from the parameters themselves: Spring would part a value at its commas. */
    private static Map<String, String> pairs(String[] context) {
        Map<String, String> pairs = new LinkedHashMap<>();
        for (String pair : context) {
            if (pair.isEmpty()) {
                continue;
            }
            int split = pair.indexOf('=');
            if (split < 0) {
                throw new ScorerException.Invalid(
                        "malformed-context", "context", "context is NAME=VALUE: '%s'".formatted(pair));
            }
            pairs.put(pair.substring(0, split), pair.substring(split + 1));
        }
        return pairs;
    }
}
