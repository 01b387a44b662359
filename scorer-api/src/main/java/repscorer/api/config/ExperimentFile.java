package repscorer.api.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import repscorer.core.experiment.Experiment;
import repscorer.core.experiment.Variant;
import repscorer.core.failure.ScorerException;
import repscorer.core.plan.PlanOverrides;
import repscorer.core.plan.ScoringPlan;
import repscorer.yaml.YamlFile;

/** A file of {@code experiments/}: one experiment and its variants. */
record ExperimentFile(
        @Nullable String experiment,
        @Nullable String surface,
        @Nullable String layer,
        @Nullable String salt,
        @Nullable Buckets buckets,
        @Nullable Boolean enabled,
        @Nullable List<Arm> variants) {

    /** @param to the first bucket that no longer belongs to the experiment */
    record Buckets(@Nullable Integer from, @Nullable Integer to) {}

    record Arm(
            @Nullable String name,
            @Nullable Integer weight,
            @Nullable Map<String, Object> overrides) {}

    static Experiment read(YamlFile yaml, Map<String, ScoringPlan> plans) {
        ExperimentFile file = yaml.as(ExperimentFile.class);
        Keys keys = new Keys(yaml);
        String name = keys.name("experiment", file.experiment);
        String surface = keys.name("surface", file.surface);
        ScoringPlan plan = plans.get(surface);
        if (plan == null) {
            throw yaml.error(
                    "surface",
                    "surface '%s' is not declared; declared are %s"
                            .formatted(surface, String.join(", ", plans.keySet())));
        }
        Buckets buckets = file.buckets == null ? new Buckets(null, null) : file.buckets;
        List<Arm> arms = keys.required("variants", file.variants);
        List<Variant> variants = new ArrayList<>(arms.size());
        for (int i = 0; i < arms.size(); i++) {
            String place = "variants[" + i + "]";
            variants.add(variant(keys, place, keys.required(place, arms.get(i)), plan));
        }
        return keys.checked(
                "",
                () -> new Experiment(
                        name,
                        surface,
                        keys.name("layer", file.layer),
                        file.salt == null ? name : file.salt,
                        buckets.from == null ? 0 : buckets.from,
                        buckets.to == null ? Experiment.BUCKETS : buckets.to,
                        variants,
                        Boolean.TRUE.equals(file.enabled)));
    }

    private static Variant variant(Keys keys, String place, Arm arm, ScoringPlan plan) {
        Map<String, String> overrides = new LinkedHashMap<>();
        Map<String, Object> given = arm.overrides == null ? Map.of() : arm.overrides;
        for (Map.Entry<String, Object> override : given.entrySet()) {
            String key = place + ".overrides." + override.getKey();
            Object value = keys.required(key, override.getValue());
            if (!(value instanceof String || value instanceof Number || value instanceof Boolean)) {
                throw keys.yaml().error(key, "must be a number, true, false or text");
            }
            overrides.put(override.getKey(), value.toString());
            apply(keys, key, plan, Map.of(override.getKey(), value.toString()));
        }
        apply(keys, place + ".overrides", plan, overrides);
        String name = keys.name(place + ".name", arm.name);
        int weight = keys.required(place + ".weight", arm.weight);
        return keys.checked(place, () -> new Variant(name, weight, overrides));
    }

    private static void apply(Keys keys, String key, ScoringPlan plan, Map<String, String> overrides) {
        try {
            PlanOverrides.apply(plan, overrides, "overrides");
        } catch (ScorerException.Invalid | IllegalArgumentException e) {
            throw keys.yaml().error(key, e.getMessage() == null ? e.toString() : e.getMessage());
        }
    }
}
