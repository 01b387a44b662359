package repscorer.api.experiments;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import repscorer.api.engine.LiveConfig;
import repscorer.api.mapping.Requests;
import repscorer.core.experiment.Assigner;
import repscorer.core.experiment.Experiment;
import repscorer.core.experiment.Schedule;
import repscorer.core.experiment.Variant;
import repscorer.wire.AssignmentsResponse;
import repscorer.wire.AssignmentsResponse.AssignedBody;
import repscorer.wire.AssignmentsResponse.HeldOutBody;
import repscorer.wire.ExperimentBody;
import repscorer.wire.ExperimentBody.InterleaveBody;
import repscorer.wire.ExperimentBody.StepBody;
import repscorer.wire.ExperimentBody.VariantBody;
import repscorer.yaml.JacksonFailures;

/** Tells of experiments and of the variants that a unit is in. */
@RestController
@Tag(name = "Experiments")
final class ExperimentsController {

    private final LiveConfig live;

    ExperimentsController(LiveConfig live) {
        this.live = live;
    }

    @GetMapping(path = "/v1/experiments", produces = "application/json")
    @Operation(operationId = "listExperiments", summary = "The experiments, running or not")
    List<ExperimentBody> experiments() {
        return live.serving().assigner().experiments().stream()
                .map(ExperimentsController::body)
                .toList();
    }

    @GetMapping(path = "/v1/experiments/assignments", produces = "application/json")
    @Operation(
            operationId = "listAssignments",
            summary = "The variants that a unit is in",
            description = "Of requests that are eligible. The same unit is in the same variants on every machine.")
    AssignmentsResponse assignments(@Parameter(example = "user:12") @RequestParam String unit) {
        String checked = Requests.unit(unit).orElseThrow();
        Assigner assigner = live.serving().assigner();
        Assigner.HeldOut heldOut = assigner.heldOut(checked);
        return new AssignmentsResponse(
                checked,
                assigner.assign(checked, System.currentTimeMillis()).stream()
                        .map(assignment -> new AssignedBody(
                                assignment.experiment().name(),
                                assignment.experiment().surface(),
                                assignment.variant().name(),
                                new TreeMap<>(assignment.variant().overrides())))
                        .toList(),
                new HeldOutBody(heldOut.everywhere(), heldOut.layers()));
    }

    private static ExperimentBody body(Experiment experiment) {
        return new ExperimentBody(
                experiment.name(),
                experiment.surface(),
                experiment.layer(),
                JacksonFailures.wireName(experiment.bucketing()),
                experiment.bucketFrom(),
                experiment.bucketTo(),
                experiment.schedule().start().map(Instant::toString).orElse(null),
                experiment.schedule().end().map(Instant::toString).orElse(null),
                experiment.schedule().ramp().stream()
                        .map(ExperimentsController::step)
                        .toList(),
                experiment.sourceKinds().stream().sorted().toList(),
                experiment.enabled(),
                experiment.variants().stream()
                        .map(ExperimentsController::variant)
                        .toList());
    }

    private static VariantBody variant(Variant variant) {
        return new VariantBody(
                variant.name(),
                variant.weight(),
                new TreeMap<>(variant.overrides()),
                variant.interleaving()
                        .map(each -> new InterleaveBody(JacksonFailures.wireName(each.method()), each.teams()))
                        .orElse(null));
    }

    private static StepBody step(Schedule.Step step) {
        return new StepBody(
                step.at().toString(),
                step.tenThousandths() / (double) Schedule.WHOLE,
                step.weights().isEmpty() ? null : new TreeMap<>(step.weights()));
    }
}
