package repscorer.api.config;

import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import repscorer.core.entity.EntityKind;
import repscorer.core.experiment.Bucketing;
import repscorer.core.experiment.Eligibility;
import repscorer.core.experiment.Experiment;
import repscorer.core.experiment.GuardRails;
import repscorer.core.experiment.GuardRails.Rail;
import repscorer.core.experiment.Schedule;
import repscorer.core.experiment.Variant;
import repscorer.core.failure.ScorerException;
import repscorer.core.interleave.Interleaving;
import repscorer.core.plan.PlanOverrides;
import repscorer.core.plan.ScoringPlan;
import repscorer.yaml.YamlFile;

/** Reads a file of {@code experiments/}: one experiment and its variants. */
final class ExperimentFile {

    /** The first bucket that belongs to the experiment, and the first that no longer does. */
    private record Buckets(int from, int to) {}

    /** A variant and the units that are forced into it. */
    private record Arm(Variant variant, List<String> forced) {}

    private static final String KEYS =
            "experiment surface layer salt bucketing buckets start end ramp source-kinds context enabled variants guard-rails";

    private static final String RAILS = "control false-alarms slow "
            + Arrays.stream(Rail.values()).map(Rail::toString).collect(Collectors.joining(" "));

    private final Map<String, ScoringPlan> plans;
    private final Set<String> layers;

    private ExperimentFile(Map<String, ScoringPlan> plans, Set<String> layers) {
        this.plans = plans;
        this.layers = layers;
    }

    /** @param layers that there are; empty for any */
    static Experiment read(YamlFile yaml, Map<String, ScoringPlan> plans, Set<String> layers) {
        return ConfigNode.read(yaml, new ExperimentFile(plans, layers)::experiment, KEYS);
    }

    private Experiment experiment(ConfigNode file) {
        String name = file.name("experiment");
        ScoringPlan plan = plan(file, plans);
        String layer = file.name("layer");
        if (!layers.isEmpty() && !layers.contains(layer)) {
            throw file.error(
                    "layer",
                    "layer '%s' is not declared; declared in layers.yaml are %s"
                            .formatted(layer, new TreeSet<>(layers)));
        }
        Buckets buckets = file.child("buckets")
                .read(at -> new Buckets(at.get("from", 0), at.get("to", Experiment.BUCKETS)), "from to");
        List<Arm> arms = file.require("variants")
                .each("variants", at -> arm(at, plan), "name weight overrides forced interleave");
        List<Schedule.Step> ramp = file.each("ramp", ExperimentFile::step, "at share weights");
        Schedule schedule = new Schedule(file.find("start", Instant.class), file.find("end", Instant.class), ramp);
        return new Experiment(
                name,
                plan.surface(),
                layer,
                file.get("salt", name),
                file.get("bucketing", Bucketing.OURS),
                buckets.from,
                buckets.to,
                arms.stream().map(Arm::variant).toList(),
                file.get("enabled", false),
                schedule,
                new Eligibility(kinds(file), context(file.child("context"))),
                forced(file, arms),
                file.child("guard-rails").read(ExperimentFile::guardRails, RAILS));
    }

    private static GuardRails guardRails(ConfigNode at) {
        Map<Rail, Double> excess = new EnumMap<>(Rail.class);
        for (Rail rail : Rail.values()) {
            at.find(rail.toString(), Double.class).ifPresent(bound -> excess.put(rail, bound));
        }
        return new GuardRails(
                excess,
                at.get("slow", GuardRails.NONE.slow()),
                at.find("control", String.class),
                at.get("false-alarms", GuardRails.NONE.falseAlarms()));
    }

    /** The plan of the surface that a file names. */
    static ScoringPlan plan(ConfigNode file, Map<String, ScoringPlan> plans) {
        String surface = file.name("surface");
        return Optional.ofNullable(plans.get(surface))
                .orElseThrow(() -> file.error(
                        "surface",
                        "surface '%s' is not declared; declared are %s"
                                .formatted(surface, String.join(", ", plans.keySet()))));
    }

    private static Set<String> kinds(ConfigNode file) {
        return file.list("source-kinds", EntityKind.class).stream()
                .map(EntityKind::name)
                .collect(Collectors.toUnmodifiableSet());
    }

    private static Map<String, Set<String>> context(ConfigNode at) {
        Map<String, Set<String>> context = new LinkedHashMap<>();
        at.forEachList(String.class, (name, values) -> context.put(name, Set.copyOf(values)));
        return context;
    }

    private static Map<String, String> forced(ConfigNode file, List<Arm> arms) {
        Map<String, String> forced = new LinkedHashMap<>();
        for (int i = 0; i < arms.size(); i++) {
            for (String unit : arms.get(i).forced) {
                String before = forced.putIfAbsent(unit, arms.get(i).variant.name());
                if (before != null) {
                    throw file.error(
                            "variants[" + i + "].forced", "unit '%s' is forced into '%s' too".formatted(unit, before));
                }
            }
        }
        return forced;
    }

    private static Schedule.Step step(ConfigNode at) {
        Map<String, Integer> weights = new LinkedHashMap<>();
        at.child("weights").forEachKey(Integer.class, weights::put);
        at.require("share");
        return new Schedule.Step(at.get("at", Instant.class), LayersFile.share(at, 0.0), weights);
    }

    private static Arm arm(ConfigNode at, ScoringPlan plan) {
        Map<String, String> overrides = overrides(at.child("overrides"), plan);
        Optional<Interleaving> interleaving = at.has("interleave")
                ? Optional.of(at.child("interleave").read(ExperimentFile::interleaving, "method of"))
                : Optional.empty();
        Variant variant = new Variant(at.name("name"), at.get("weight", Integer.class), overrides, interleaving);
        return new Arm(variant, at.list("forced", String.class));
    }

    private static Interleaving interleaving(ConfigNode at) {
        return new Interleaving(
                at.get("method", Interleaving.Method.class), at.require("of").list("of", String.class));
    }

    /** Changes to a plan, each tried by itself and then all together. */
    static Map<String, String> overrides(ConfigNode at, ScoringPlan plan) {
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
