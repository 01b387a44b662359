package repscorer.api.config;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import repscorer.core.experiment.Experiment;
import repscorer.core.experiment.Variant;
import repscorer.core.failure.ScorerException;
import repscorer.core.plan.PlanOverrides;
import repscorer.core.plan.ScoringPlan;
import repscorer.yaml.YamlFile;

/** Reads a file of {@code experiments/}: one experiment and its variants. */
final class ExperimentFile {

    /** The first bucket that belongs to the experiment, and the first that no longer does. */
    private record Buckets(int from, int to) {}

    private ExperimentFile() {}

    static Experiment read(YamlFile yaml, Map<String, ScoringPlan> plans) {
        return ConfigNode.read(
                yaml, file -> experiment(file, plans), "experiment surface layer salt buckets enabled variants");
    }

    private static Experiment experiment(ConfigNode file, Map<String, ScoringPlan> plans) {
        String name = file.name("experiment");
        String surface = file.name("surface");
        ScoringPlan plan = Optional.ofNullable(plans.get(surface))
                .orElseThrow(() -> file.error(
                        "surface",
                        "surface '%s' is not declared; declared are %s"
                                .formatted(surface, String.join(", ", plans.keySet()))));
        Buckets buckets = file.child("buckets")
                .read(at -> new Buckets(at.get("from", 0), at.get("to", Experiment.BUCKETS)), "from to");
        return new Experiment(
                name,
                surface,
                file.name("layer"),
                file.get("salt", name),
                buckets.from,
                buckets.to,
                file.require("variants").each("variants", at -> variant(at, plan), "name weight overrides"),
                file.get("enabled", false));
    }

    private static Variant variant(ConfigNode at, ScoringPlan plan) {
        Map<String, String> overrides = overrides(at.child("overrides"), plan);
        return new Variant(at.name("name"), at.get("weight", Integer.class), overrides);
    }

    private static Map<String, String> overrides(ConfigNode at, ScoringPlan plan) {
        Map<String, String> overrides = new LinkedHashMap<>();
        at.forEachKey(Object.class, (key, value) -> {
            if (!(value instanceof String || value instanceof Number || value instanceof Boolean)) {
                throw at.error(key, "must be a number, true, false or text");
            }
            overrides.put(key, value.toString());
            apply(at, key, plan, Map.of(key, value.toString()));
        });
        apply(at, "", plan, overrides);
        return overrides;
    }

    private static void apply(ConfigNode at, String key, ScoringPlan plan, Map<String, String> overrides) {
        try {
            PlanOverrides.apply(plan, overrides, "overrides");
        } catch (ScorerException.Invalid e) {
            throw at.error(key, String.valueOf(e.getMessage()));
        }
    }
}
