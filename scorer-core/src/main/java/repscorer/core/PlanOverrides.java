package repscorer.core;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import repscorer.core.blend.BlendRecipe;
import repscorer.core.blend.Normalizer;
import repscorer.core.failure.ScorerException.Invalid;

/**
 * Changes to a plan, as an experiment or a request states them: dotted keys and values as text, each checked against its
 * bounds.
 *
 * <pre>
 * release                              name of a kept release to read instead of the live one
 * optimal                              true | false: seek the best of all entities
 * optimal.budget-ms                    1 to 60,000: for so long
 * blend.method                         linear | reciprocal-rank
 * blend.normalizer                     none | min-max | z-score
 * blend.rank-constant                  1 to 10,000
 * columns.NAME.weight                  0 to 1,000
 * columns.NAME.retrieve                0 to 5,000
 * columns.NAME.ef                      1 to 2,000      dense
 * columns.NAME.exact                   true | false    dense
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
    private static final List<String> BLEND_KEYS = List.of(METHOD, NORMALIZER, RANK_CONSTANT);

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
        sorted.forEach((key, text) -> {
            Value value = new Value(key, text, field + "." + key);
            if (key.startsWith(COLUMNS)) {
                changeColumn(columns, value);
            } else if (BLEND_KEYS.contains(key)) {
                blend.put(key, value);
            } else if (key.equals(OPTIMAL)) {
                value.truth();
            } else if (key.equals(OPTIMAL_BUDGET)) {
                value.whole(1, OptimalOptions.BUDGET_MILLIS_MAX);
            } else if (!key.equals(RELEASE)) {
                throw unknown(value, columns);
            }
        });
        return new ScoringPlan(
                plan.surface(),
                plan.kinds(),
                columns,
                changedBlend(plan.blend(), blend),
                plan.exclude(),
                plan.kDefault());
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
        int ef = c.ef();
        boolean exact = c.exact();
        double weight = c.weight();
        switch (setting) {
            case "weight" -> weight = value.number(0, Limits.WEIGHT_MAX);
            case "retrieve" -> retrieve = value.whole(0, Limits.RETRIEVE_MAX);
            case "ef" -> ef = value.whole(1, Limits.EF_MAX);
            case "exact" -> exact = value.truth();
            default -> throw unknown(value, columns);
        }
        return new ColumnPlan.Dense(
                c.name(), c.sources(), c.candidates(), c.similarity(), c.translations(), retrieve, ef, exact, weight);
    }

    private static ColumnPlan changed(ColumnPlan.Sparse c, String setting, Value value, List<ColumnPlan> columns) {
        int retrieve = c.retrieve();
        int clustersScanned = c.clustersScanned();
        int itemsPerCluster = c.itemsPerCluster();
        int candidatesMax = c.candidatesMax();
        boolean rescore = c.rescore();
        double weight = c.weight();
        switch (setting) {
            case "weight" -> weight = value.number(0, Limits.WEIGHT_MAX);
            case "retrieve" -> retrieve = value.whole(0, Limits.RETRIEVE_MAX);
            case "clusters-scanned" -> clustersScanned = value.whole(1, Limits.CLUSTERS_SCANNED_MAX);
            case "items-per-cluster" -> itemsPerCluster = value.whole(1, Limits.ITEMS_PER_CLUSTER_MAX);
            case "candidates-max" -> candidatesMax = value.whole(1, Limits.CANDIDATES_MAX);
            case "rescore" -> rescore = value.truth();
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
                rescore,
                weight);
    }

    /** The method first, then what belongs to it; a setting of the other method would do nothing and is refused. */
    private static BlendRecipe changedBlend(BlendRecipe recipe, Map<String, Value> changes) {
        Value method = changes.get(METHOD);
        boolean linear = method == null
                ? recipe instanceof BlendRecipe.Linear
                : method.oneOf(List.of("linear", "reciprocal-rank")).equals("linear");
        Value normalizer = changes.get(NORMALIZER);
        Value rankConstant = changes.get(RANK_CONSTANT);
        if (linear) {
            if (rankConstant != null) {
                throw rankConstant.invalid("goes with blend.method=reciprocal-rank only");
            }
            Normalizer before = recipe instanceof BlendRecipe.Linear l ? l.normalizer() : Normalizer.MIN_MAX;
            return new BlendRecipe.Linear(normalizer == null ? before : normalizer.normalizer());
        }
        if (normalizer != null) {
            throw normalizer.invalid("goes with blend.method=linear only");
        }
        int before = recipe instanceof BlendRecipe.ReciprocalRank r
                ? r.rankConstant()
                : BlendRecipe.ReciprocalRank.RANK_CONSTANT_DEFAULT;
        return new BlendRecipe.ReciprocalRank(rankConstant == null ? before : rankConstant.whole(1, RANK_CONSTANT_MAX));
    }

    private static Invalid unknown(Value value, List<ColumnPlan> columns) {
        List<String> known =
                new ArrayList<>(List.of(RELEASE, OPTIMAL, OPTIMAL_BUDGET, METHOD, NORMALIZER, RANK_CONSTANT));
        for (ColumnPlan column : columns) {
            List<String> settings = switch (column) {
                case ColumnPlan.Dense dense -> List.of("weight", "retrieve", "ef", "exact");
                case ColumnPlan.Sparse sparse ->
                    List.of("weight", "retrieve", "clusters-scanned", "items-per-cluster", "candidates-max", "rescore");
            };
            settings.forEach(setting -> known.add(COLUMNS + column.name() + "." + setting));
        }
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
            return switch (oneOf(List.of("none", "min-max", "z-score"))) {
                case "none" -> Normalizer.NONE;
                case "min-max" -> Normalizer.MIN_MAX;
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
    static OptimalOptions optimal(Map<String, String> overrides, OptimalOptions before) {
        String wanted = overrides.get(OPTIMAL);
        String budget = overrides.get(OPTIMAL_BUDGET);
        return new OptimalOptions(
                wanted == null ? before.wanted() : Boolean.parseBoolean(wanted),
                budget == null ? before.budget() : Duration.ofMillis(Long.parseLong(budget)));
    }
}
