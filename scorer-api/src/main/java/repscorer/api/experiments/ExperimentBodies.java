package repscorer.api.experiments;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import repscorer.api.changes.Change;
import repscorer.api.changes.ChangeHistory;
import repscorer.api.engine.LiveConfig;
import repscorer.api.engine.Serving;
import repscorer.core.experiment.Eligibility;
import repscorer.core.experiment.Experiment;
import repscorer.core.experiment.Schedule;
import repscorer.core.experiment.Variant;
import repscorer.wire.ExperimentBody;
import repscorer.wire.ExperimentBody.InterleaveBody;
import repscorer.wire.ExperimentBody.StepBody;
import repscorer.wire.ExperimentBody.VariantBody;
import repscorer.yaml.JacksonFailures;

/** Writes experiments as wire records, with what is stopped of them. */
@Component
final class ExperimentBodies {

    private final LiveConfig live;
    private final ChangeHistory history;

    ExperimentBodies(LiveConfig live, ChangeHistory history) {
        this.live = live;
        this.history = history;
    }

    /** All of them, in the order of their names. */
    List<ExperimentBody> all() {
        Serving serving = live.serving();
        return serving.assigner().experiments().stream()
                .map(each -> body(each, serving))
                .toList();
    }

    Optional<ExperimentBody> of(String name) {
        Serving serving = live.serving();
        return serving.assigner().experiments().stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .map(each -> body(each, serving));
    }

    private ExperimentBody body(Experiment experiment, Serving serving) {
        Set<String> stopped = serving.config().stopped().getOrDefault(experiment.name(), Set.of());
        Map<String, Double> rails = new TreeMap<>();
        experiment.guardRails().excess().forEach((rail, excess) -> rails.put(rail.toString(), excess));
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
                        .map(ExperimentBodies::step)
                        .toList(),
                experiment.eligibility().sourceKinds().stream().sorted().toList(),
                context(experiment.eligibility()),
                experiment.enabled(),
                experiment.variants().stream()
                        .map(variant -> variant(experiment.name(), variant, stopped.contains(variant.name())))
                        .toList(),
                rails.isEmpty() ? null : rails);
    }

    private static @Nullable Map<String, List<String>> context(Eligibility eligibility) {
        Map<String, List<String>> context = new TreeMap<>();
        eligibility
                .context()
                .forEach((name, values) ->
                        context.put(name, values.stream().sorted().toList()));
        return context.isEmpty() ? null : context;
    }

    private VariantBody variant(String experiment, Variant variant, boolean stopped) {
        @Nullable
        String by = !stopped
                ? null
                : history.holding(Change.Subject.VARIANT, experiment, variant.name())
                        .map(change -> "%s at %s: %s".formatted(change.author(), change.at(), change.reason()))
                        .orElse(null);
        return new VariantBody(
                variant.name(),
                variant.weight(),
                new TreeMap<>(variant.overrides()),
                variant.interleaving()
                        .map(each -> new InterleaveBody(JacksonFailures.wireName(each.method()), each.teams()))
                        .orElse(null),
                stopped ? true : null,
                by);
    }

    private static StepBody step(Schedule.Step step) {
        return new StepBody(
                step.at().toString(),
                step.tenThousandths() / (double) Schedule.WHOLE,
                step.weights().isEmpty() ? null : new TreeMap<>(step.weights()));
    }
}
