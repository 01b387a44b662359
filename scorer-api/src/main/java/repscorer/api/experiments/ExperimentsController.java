package repscorer.api.experiments;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import java.util.TreeMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import repscorer.api.mapping.Requests;
import repscorer.core.experiment.Assigner;
import repscorer.core.experiment.Experiment;
import repscorer.wire.AssignmentsResponse;
import repscorer.wire.AssignmentsResponse.AssignedBody;
import repscorer.wire.ExperimentBody;
import repscorer.wire.ExperimentBody.VariantBody;

/** Tells of experiments and of the variants that a unit is in. */
@RestController
@Tag(name = "Experiments")
final class ExperimentsController {

    private final Assigner assigner;

    ExperimentsController(Assigner assigner) {
        this.assigner = assigner;
    }

    @GetMapping(path = "/v1/experiments", produces = "application/json")
    @Operation(operationId = "listExperiments", summary = "The experiments, running or not")
    List<ExperimentBody> experiments() {
        return assigner.experiments().stream().map(ExperimentsController::body).toList();
    }

    @GetMapping(path = "/v1/experiments/assignments", produces = "application/json")
    @Operation(
            operationId = "listAssignments",
            summary = "The variants that a unit is in",
            description = "The same unit is in the same variants on every machine.")
    AssignmentsResponse assignments(@Parameter(example = "user:12") @RequestParam String unit) {
        String checked = Requests.unit(unit).orElseThrow();
        return new AssignmentsResponse(
                checked,
                assigner.assign(checked).stream()
                        .map(assignment -> new AssignedBody(
                                assignment.experiment().name(),
                                assignment.experiment().surface(),
                                assignment.variant().name(),
                                new TreeMap<>(assignment.variant().overrides())))
                        .toList());
    }

    private static ExperimentBody body(Experiment experiment) {
        return new ExperimentBody(
                experiment.name(),
                experiment.surface(),
                experiment.layer(),
                experiment.bucketFrom(),
                experiment.bucketTo(),
                experiment.enabled(),
                experiment.variants().stream()
                        .map(variant ->
                                new VariantBody(variant.name(), variant.weight(), new TreeMap<>(variant.overrides())))
                        .toList());
    }
}
