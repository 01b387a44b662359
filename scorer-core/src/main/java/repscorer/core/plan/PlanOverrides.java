package repscorer.core.plan;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import repscorer.core.blend.BlendRecipe;
import repscorer.core.blend.Normalizer;
import repscorer.core.failure.ScorerException.Invalid;
import repscorer.core.rule.Rule;
import repscorer.core.rule.RuleBook;

/**
 * Changes to a plan, as an experiment or a request states them: dotted keys and values as text, each checked against its
 * bounds.
 *
 * <pre>
 * release                              name of a kept release to read instead of the live one
 * optimal                              true | false: seek the best of all entities
 * optimal.budget-ms                    1 to 60,000: for so long
 * blend.method                         linear | reciprocal-rank | round-robin | count-weighted
 * blend.normalizer                     none | min-max | z-score | l2 | softmax     linear
 * blend.rank-constant                  1 to 10,000                                 reciprocal-rank
 * blend.shrinkage                      0 to 1                                      count-weighted
 * rules.NAME.mode                      on | off | dry-run
 * columns.NAME.enabled                 true | false
 * columns.NAME.weight                  0 to 1,000
 * columns.NAME.retrieve                0 to 5,000
 * columns.NAME.ef                      1 to 2,000      dense
 * columns.NAME.recall-target           0 to 0.999      dense: in place of ef; 0 for none
 * columns.NAME.budget-ms               0 to 60,000     dense: answers with what was found by then; 0 for no end
 * columns.NAME.exact                   true | false
 * columns.NAME.clusters-scanned        1 to 500        sparse
 * columns.NAME.items-per-cluster       1 to 10,000     sparse
 * columns.NAME.candidates-max          1 to 10,000     sparse
 * columns.NAME.rescore                 true | false    sparse
 * </pre>
 */
public final class PlanOverrides {

    static final int RANK_CONSTANT_MAX = 10_000;

    private static final String RELEASE = "release";
    private static final String OPTIMAL = "optimal";
    private static final String OPTIMAL_BUDGET = "optimal.budget-ms";
    private static final String COLUMNS = "columns.";
    private static final String METHOD = "blend.method";
    private static final String NORMALIZER = "blend.normalizer";
    private static final String RANK_CONSTANT = "blend.rank-constant";
    private static final String SHRINKAGE = "blend.shrinkage";
    private static final List<String> BLEND_KEYS = List.of(METHOD, NORMALIZER, RANK_CONSTANT, SHRINKAGE);
    private static final List<String> METHODS = List.of("linear", "reciprocal-rank", "round-robin", "count-weighted");
    private static final String RULES = "rules.";
    private static final String MODE = ".mode";
    private static final String ENABLED = ".enabled";

    private PlanOverrides() {}

    /**
     * The plan with every override applied.
     *
     * @param field the place of the overrides in the request or file, for the message
     * @throws repscorer.core.failure.ScorerException.Invalid for an unknown key or a value out of bounds, naming both
     */
    public static ScoringPlan apply(ScoringPlan plan, Map<String, String> overrides, String field) {
        if (overrides.isEmpty()) {
            return plan;
        }
        Map<String, String> sorted = new TreeMap<>(overrides);
        List<ColumnPlan> columns = new ArrayList<>(plan.columns());
        Map<String, Value> blend = new TreeMap<>();
        Set<String> disabled = new TreeSet<>(plan.disabled());
        List<RuleBook> rules = new ArrayList<>(List.of(plan.rules()));
        sorted.forEach((key, text) -> {
            Value value = new Value(key, text, field + "." + key);
            if (key.startsWith(COLUMNS) && key.endsWith(ENABLED)) {
                enable(plan, disabled, value);
            } else if (key.startsWith(COLUMNS)) {
                changeColumn(columns, value);
            } else if (key.startsWith(RULES)) {
                rules.set(0, changedRules(plan, rules.getFirst(), value, columns));
            } else if (BLEND_KEYS.contains(key)) {
                blend.put(key, value);
            } else if (key.equals(OPTIMAL)) {
                value.truth();
            } else if (key.equals(OPTIMAL_BUDGET)) {
                value.whole(1, ExactTopKOptions.BUDGET_MILLIS_MAX);
            } else if (!key.equals(RELEASE)) {
                throw unknown(value, columns);
            }
        });
        return new ScoringPlan(
                plan.surface(),
                plan.kinds(),
                columns,
                disabled,
                changedBlend(plan.blend(), blend),
                plan.exclude(),
                plan.kDefault(),
                rules.getFirst(),
                plan.attributes(),
                plan.anchors());
    }

    private static void enable(ScoringPlan plan, Set<String> disabled, Value value) {
        String name = value.key.substring(
                COLUMNS.length(), Math.max(COLUMNS.length(), value.key.length() - ENABLED.length()));
        if (plan.columns().stream().noneMatch(column -> column.name().equals(name))) {
            throw unknown(value, plan.columns());
        }
        if (value.truth()) {
            disabled.remove(name);
        } else {
            disabled.add(name);
        }
        if (disabled.size() == plan.columns().size()) {
            throw value.invalid("leaves no column enabled");
        }
    }

    private static RuleBook changedRules(ScoringPlan plan, RuleBook rules, Value value, List<ColumnPlan> columns) {
        for (Rule rule : rules.rules()) {
            if (value.key.equals(RULES + rule.name() + MODE)) {
                return rules.in(
                        rule.name(),
                        switch (value.oneOf(List.of("on", "off", "dry-run"))) {
                            case "on" -> Rule.Mode.ON;
                            case "off" -> Rule.Mode.OFF;
                            default -> Rule.Mode.DRY_RUN;
                        });
            }
        }
        throw unknown(value, columns, plan.rules());
    }

    private static void changeColumn(List<ColumnPlan> columns, Value value) {
        int dot = value.key.lastIndexOf('.');
        String name = dot < COLUMNS.length() ? "" : value.key.substring(COLUMNS.length(), dot);
        String setting = value.key.substring(dot + 1);
        for (int i = 0; i < columns.size(); i++) {
            if (columns.get(i).name().equals(name)) {
                columns.set(
                        i,
                        switch (columns.get(i)) {
                            case ColumnPlan.Dense dense -> changed(dense, setting, value, columns);
                            case ColumnPlan.Sparse sparse -> changed(sparse, setting, value, columns);
                        });
                return;
            }
        }
        throw unknown(value, columns);
    }

    private static ColumnPlan changed(ColumnPlan.Dense c, String setting, Value value, List<ColumnPlan> columns) {
        int retrieve = c.retrieve();
        int ef = c.effort().ef();
        double recallTarget = c.effort().recallTarget();
        int budgetMillis = c.effort().budgetMillis();
        boolean exact = c.effort().exact();
        double weight = c.weight();
        switch (setting) {
            case "weight" -> weight = value.number(0, Limits.WEIGHT_MAX);
            case "retrieve" -> retrieve = value.whole(0, Limits.RETRIEVE_MAX);
            case "ef" -> ef = value.whole(1, Limits.EF_MAX);
            case "recall-target" -> recallTarget = value.number(0, Limits.RECALL_TARGET_MAX);
            case "budget-ms" -> budgetMillis = value.whole(0, Limits.BUDGET_MILLIS_MAX);
            case "exact" -> exact = value.truth();
            default -> throw unknown(value, columns);
        }
        return new ColumnPlan.Dense(
                c.name(),
                c.sources(),
                c.candidates(),
                c.similarity(),
                c.translations(),
                retrieve,
                new ColumnPlan.Effort(ef, recallTarget, budgetMillis, exact),
                weight);
    }

    private static ColumnPlan changed(ColumnPlan.Sparse c, String setting, Value value, List<ColumnPlan> columns) {
        int retrieve = c.retrieve();
        int clustersScanned = c.clustersScanned();
        int itemsPerCluster = c.itemsPerCluster();
        int candidatesMax = c.candidatesMax();
        boolean rescore = c.rescore();
        boolean exact = c.exact();
        double weight = c.weight();
        switch (setting) {
            case "weight" -> weight = value.number(0, Limits.WEIGHT_MAX);
            case "retrieve" -> retrieve = value.whole(0, Limits.RETRIEVE_MAX);
            case "clusters-scanned" -> clustersScanned = value.whole(1, Limits.CLUSTERS_SCANNED_MAX);
            case "items-per-cluster" -> itemsPerCluster = value.whole(1, Limits.ITEMS_PER_CLUSTER_MAX);
            case "candidates-max" -> candidatesMax = value.whole(1, Limits.CANDIDATES_MAX);
            case "rescore" -> rescore = value.truth();
            case "exact" -> exact = value.truth();
            default -> throw unknown(value, columns);
        }
        return new ColumnPlan.Sparse(
                c.name(),
                c.sources(),
                c.candidates(),
                c.similarity(),
                retrieve,
                clustersScanned,
                itemsPerCluster,
                candidatesMax,
                c.scoreMin(),
                c.ranking(),
                ColumnPlan.Sparse.mode(rescore, exact),
                weight);
    }

    /** The method first, then what belongs to it; a setting of another method would do nothing and is refused. */
    private static BlendRecipe changedBlend(BlendRecipe recipe, Map<String, Value> changes) {
        String method = changes.containsKey(METHOD)
                ? changes.get(METHOD).oneOf(METHODS)
                : switch (recipe) {
                    case BlendRecipe.Linear linear -> "linear";
                    case BlendRecipe.ReciprocalRank ranked -> "reciprocal-rank";
                    case BlendRecipe.RoundRobin interleaved -> "round-robin";
                    case BlendRecipe.CountWeighted interleaved -> "count-weighted";
                };
        refuse(changes.get(NORMALIZER), method, "linear");
        refuse(changes.get(RANK_CONSTANT), method, "reciprocal-rank");
        refuse(changes.get(SHRINKAGE), method, "count-weighted");
        return switch (method) {
            case "linear" -> {
                Normalizer before = recipe instanceof BlendRecipe.Linear l ? l.normalizer() : Normalizer.MIN_MAX;
                Value normalizer = changes.get(NORMALIZER);
                yield new BlendRecipe.Linear(normalizer == null ? before : normalizer.normalizer());
            }
            case "reciprocal-rank" -> {
                int before = recipe instanceof BlendRecipe.ReciprocalRank r
                        ? r.rankConstant()
                        : BlendRecipe.ReciprocalRank.RANK_CONSTANT_DEFAULT;
                Value constant = changes.get(RANK_CONSTANT);
                yield new BlendRecipe.ReciprocalRank(constant == null ? before : constant.whole(1, RANK_CONSTANT_MAX));
            }
            case "round-robin" -> new BlendRecipe.RoundRobin();
            default -> {
                BlendRecipe.CountWeighted before = recipe instanceof BlendRecipe.CountWeighted weighted
                        ? weighted
                        : new BlendRecipe.CountWeighted(1, BlendRecipe.CountWeighted.ADJUSTMENTS_MAX_DEFAULT);
                Value shrinkage = changes.get(SHRINKAGE);
                yield new BlendRecipe.CountWeighted(
                        shrinkage == null ? before.shrinkage() : shrinkage.number(0, 1), before.adjustmentsMax());
            }
        };
    }

    private static void refuse(@Nullable Value value, String method, String owner) {
        if (value != null && !method.equals(owner)) {
            throw value.invalid("goes with blend.method=%s only".formatted(owner));
        }
    }

    private static Invalid unknown(Value value, List<ColumnPlan> columns) {
        return unknown(value, columns, RuleBook.EMPTY);
    }

    private static Invalid unknown(Value value, List<ColumnPlan> columns, RuleBook rules) {
        List<String> known = new ArrayList<>(List.of(RELEASE, OPTIMAL, OPTIMAL_BUDGET));
        known.addAll(BLEND_KEYS);
        for (ColumnPlan column : columns) {
            List<String> settings = switch (column) {
                case ColumnPlan.Dense dense ->
                    List.of("weight", "retrieve", "ef", "recall-target", "budget-ms", "exact");
                case ColumnPlan.Sparse sparse ->
                    List.of(
                            "weight",
                            "retrieve",
                            "clusters-scanned",
                            "items-per-cluster",
                            "candidates-max",
                            "rescore",
                            "exact");
            };
            settings.forEach(setting -> known.add(COLUMNS + column.name() + "." + setting));
            known.add(COLUMNS + column.name() + ENABLED);
        }
        rules.rules().forEach(rule -> known.add(RULES + rule.name() + MODE));
        return new Invalid(
                "unknown-override",
                value.field,
                "no setting is called '%s'; there are %s".formatted(value.key, String.join(", ", known)));
    }

    /** One override on its way from text. */
    private record Value(String key, String text, String field) {

        int whole(int min, int max) {
            try {
                int number = Integer.parseInt(text);
                if (number >= min && number <= max) {
                    return number;
                }
            } catch (NumberFormatException e) {
                throw invalid("must be a whole number from %d to %d".formatted(min, max));
            }
            throw invalid("must be %d to %d".formatted(min, max));
        }

        double number(double min, double max) {
            try {
                double number = Double.parseDouble(text);
                if (number >= min && number <= max) {
                    return number;
                }
            } catch (NumberFormatException e) {
                throw invalid("must be a number from %s to %s".formatted(min, max));
            }
            throw invalid("must be %s to %s".formatted(min, max));
        }

        boolean truth() {
            return oneOf(List.of("true", "false")).equals("true");
        }

        Normalizer normalizer() {
            return switch (oneOf(List.of("none", "min-max", "z-score", "l2", "softmax"))) {
                case "none" -> Normalizer.NONE;
                case "min-max" -> Normalizer.MIN_MAX;
                case "l2" -> Normalizer.L2;
                case "softmax" -> Normalizer.SOFTMAX;
                default -> Normalizer.Z_SCORE;
            };
        }

        String oneOf(List<String> words) {
            if (!words.contains(text)) {
                throw invalid("must be one of " + String.join(", ", words));
            }
            return text;
        }

        Invalid invalid(String rule) {
            return new Invalid("override-out-of-bounds", field, "%s %s: %s".formatted(key, rule, text));
        }
    }

    /** The release that the overrides name. */
    public static Optional<String> release(Map<String, String> overrides) {
        return Optional.ofNullable(overrides.get(RELEASE));
    }

    /** What overrides that {@link #apply} let through say of the search through all entities, on top of what was said before. */
    public static ExactTopKOptions optimal(Map<String, String> overrides, ExactTopKOptions before) {
        String wanted = overrides.get(OPTIMAL);
        String budget = overrides.get(OPTIMAL_BUDGET);
        return new ExactTopKOptions(
                wanted == null ? before.wanted() : Boolean.parseBoolean(wanted),
                budget == null ? before.budget() : Duration.ofMillis(Long.parseLong(budget)));
    }
}
