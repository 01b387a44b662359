package repscorer.api.reports;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.security.SecurityRequirement;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import repscorer.analysis.AnalysisOptions;
import repscorer.analysis.ExperimentAnalysis;
import repscorer.api.config.DecisionSettings;
import repscorer.api.config.ServiceConfig;
import repscorer.api.engine.LiveConfig;
import repscorer.api.engine.StoreDirectory;
import repscorer.api.security.Needs;
import repscorer.api.security.Role;
import repscorer.core.experiment.Experiment;
import repscorer.core.failure.ScorerException;
import repscorer.decisions.Decisions;
import repscorer.decisions.JoinedDecisions;
import repscorer.wire.ExperimentReportResponse;

/** Tells what came of experiments, one report at a time: it reads the log of this service whole. */
@RestController
@Tag(name = "Experiments")
final class ReportController {

    private static final String PATH = "/v1/experiments/{experiment}/report";
    private static final Duration TIME_MAX = Duration.ofSeconds(30);
    private static final int LOOK_EVERY = 1_000;

    private final LiveConfig live;
    private final DecisionSettings settings;
    private final Path data;
    private final Semaphore one = new Semaphore(1);

    ReportController(LiveConfig live, ServiceConfig config, StoreDirectory store) {
        this.live = live;
        this.settings = config.settings().decisions();
        this.data = store.data();
    }

    @Needs(Role.EXPERIMENT)
    @GetMapping(path = PATH, produces = "application/json")
    @Operation(
            operationId = "reportExperiment",
            summary = "What came of an experiment",
            description = """
                    By the decisions and outcomes that this service keeps: who saw what, whether units are dealt as they should be, effects \
                    with intervals that may be looked at as often as one likes, guard-rails, and a verdict in one sentence. With Accept: \
                    text/html the same as a page. 503 where the log is too long for 30 seconds, or another report is being made: \
                    bin/repscorer experiment report reads any log.""",
            security = @SecurityRequirement(name = "admin"))
    ExperimentReportResponse report(
            @Parameter(description = "the experiment's name", example = "follow-blend") @PathVariable String experiment,
            @Parameter(
                            description = "the variant that others are compared with; control, or the first by name",
                            example = "control")
                    @RequestParam(required = false)
                    @Nullable
                    String control,
            @Parameter(description = "the kind of outcome that decides; the most frequent one", example = "follow")
                    @RequestParam(required = false)
                    @Nullable
                    String goal)
            throws IOException {
        if (!settings.enabled()) {
            throw new ScorerException.Conflict(
                    "decisions-off", "no decisions are kept: decisions.log of scorer.yaml names no directory");
        }
        if (!one.tryAcquire()) {
            throw new ScorerException.Overloaded("report-running", "another report is being made: try again");
        }
        try {
            ExperimentAnalysis analysis = new ExperimentAnalysis(new AnalysisOptions(
                    experiment,
                    Optional.ofNullable(control),
                    weights(experiment),
                    Optional.ofNullable(goal),
                    AnalysisOptions.ALPHA_DEFAULT));
            read(analysis);
            return ReportBodies.of(analysis.report());
        } catch (IllegalArgumentException e) {
            throw new ScorerException.Invalid("bad-report", "control", String.valueOf(e.getMessage()));
        } finally {
            one.release();
        }
    }

    private void read(ExperimentAnalysis analysis) throws IOException {
        long deadline = System.nanoTime() + TIME_MAX.toNanos();
        try (JoinedDecisions decisions =
                Decisions.read(data.resolve(settings.log()), Decisions.Window.of(settings.outcomeWindow()))) {
            for (long count = 1; decisions.hasNext(); count++) {
                analysis.add(decisions.next());
                if (count % LOOK_EVERY == 0 && System.nanoTime() > deadline) {
                    throw new ScorerException.Overloaded(
                            "report-slow",
                            "the log takes longer than %s s to read: ask bin/repscorer experiment report"
                                    .formatted(TIME_MAX.toSeconds()));
                }
            }
        }
    }

    /** The variants' weights, where the experiment is known and no step of its ramp has others. */
    private Map<String, Double> weights(String name) {
        Map<String, Double> weights = new HashMap<>();
        for (Experiment experiment : live.serving().assigner().experiments()) {
            if (experiment.name().equals(name)
                    && experiment.schedule().ramp().stream()
                            .allMatch(step -> step.weights().isEmpty())) {
                experiment.variants().stream()
                        .filter(variant -> variant.weight() > 0)
                        .forEach(variant -> weights.put(variant.name(), (double) variant.weight()));
            }
        }
        return weights;
    }

    @Needs(Role.EXPERIMENT)
    @GetMapping(path = PATH, produces = "text/html;charset=UTF-8")
    @Operation(
            operationId = "reportExperimentAsPage",
            summary = "The same as a page",
            security = @SecurityRequirement(name = "admin"))
    String page(
            @PathVariable String experiment,
            @RequestParam(required = false) @Nullable String control,
            @RequestParam(required = false) @Nullable String goal)
            throws IOException {
        return ReportPage.html(report(experiment, control, goal));
    }
}
