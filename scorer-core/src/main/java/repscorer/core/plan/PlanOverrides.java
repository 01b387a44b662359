package repscorer.core.plan;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import repscorer.core.blend.BlendRecipe;
import repscorer.core.blend.Normalizer;
import repscorer.core.explore.Exploration;
import repscorer.core.failure.ScorerException.Invalid;
import repscorer.core.rule.Rule;
import repscorer.core.rule.RuleBook;

/**
 * Changes to a plan, as an experiment or a request states them: dotted keys and values as text, each checked against its
 * bounds.
 *
 * <pre>
 * release                    name of a kept release to read instead of the live one
 * optimal                    true | false: seek the best of all entities
 * optimal.budget-ms          for so long
 * seed                       any text: what chance goes by in place of the decision's id
 * blend.method               {@link BlendSetting#METHODS}
 * blend.SETTING              {@link BlendSetting}
 * explore.SETTING            {@link ExplorationSetting}
 * rules.NAME.mode            on | off | dry-run
 * rules.NAME.max             of a cap
 * columns.NAME.enabled       true | false
 * columns.NAME.SETTING       {@link ColumnSetting}
 * </pre>
 */
public final class PlanOverrides {

    private static final String RELEASE = "release";
    private static final String OPTIMAL = "optimal";
    private static final String OPTIMAL_BUDGET = "optimal.budget-ms";
    /** The key of what chance goes by. */
    public static final String SEED = "seed";

    private static final String COLUMNS = "columns.";
    private static final String BLEND = "blend.";
    private static final String METHOD = "blend.method";
    private static final String EXPLORE = "explore.";
    private static final String RULES = "rules.";
    private static final String MODE = ".mode";
    private static final String MAX = ".max";
    private static final String ENABLED = "enabled";
    private static final int SEED_LENGTH_MAX = 256;
    private static final SettingType<Boolean> TRUTH = new SettingType.Truth();
    private static final SettingType<Integer> BUDGET = new SettingType.Whole(1, ExactTopKOptions.BUDGET_MILLIS_MAX);
    private static final SettingType<Rule.Mode> MODES = new SettingType.Word<>(Rule.Mode.class);
    private static final SettingType<Integer> CAPS = new SettingType.Whole(1, Integer.MAX_VALUE);
    private static final List<BlendSetting> BLEND_SETTINGS = Arrays.stream(BlendSetting.values())
            .filter(BlendSetting::overridable)
            .toList();

    private final ScoringPlan plan;
    private final List<ColumnPlan> columns;
    private final Set<String> disabled;
    private RuleBook rules;
    private final Map<String, Value> blend = new TreeMap<>();
    private final Map<ExplorationSetting, Value> explore = new EnumMap<>(ExplorationSetting.class);

    private PlanOverrides(ScoringPlan plan) {
        this.plan = plan;
        columns = new ArrayList<>(plan.columns());
        disabled = new TreeSet<>(plan.disabled());
        rules = plan.rules();
    }

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
        PlanOverrides changes = new PlanOverrides(plan);
        new TreeMap<>(overrides).forEach((key, text) -> changes.take(new Value(key, text, field + "." + key)));
        ScoringPlan changed = plan.toBuilder()
                .columns(changes.columns)
                .disabled(changes.disabled)
                .blend(changes.blend())
                .rules(changes.rules)
                .exploration(changes.exploration())
                .build();
        return scoresAlike(plan, changed)
                ? changed
                : changed.toBuilder().calibration(Optional.empty()).build();
    }

    /** Whether a score says the same by both plans, however far their searches go. */
    private static boolean scoresAlike(ScoringPlan plan, ScoringPlan other) {
        return plan.blend().equals(other.blend())
                && plan.disabled().equals(other.disabled())
                && plan.rules().equals(other.rules())
                && weights(plan).equals(weights(other));
    }

    private static List<Double> weights(ScoringPlan plan) {
        return plan.columns().stream().map(ColumnPlan::weight).toList();
    }

    private void take(Value value) {
        String key = value.key;
        if (key.startsWith(COLUMNS)) {
            changeColumn(value);
        } else if (key.startsWith(RULES)) {
            changeRule(value);
        } else if (blendKeys().contains(key)) {
            blend.put(key, value);
        } else if (key.startsWith(EXPLORE)) {
            changeExploration(value);
        } else if (key.equals(SEED)) {
            checkSeed(value);
        } else if (key.equals(OPTIMAL)) {
            value.as(TRUTH);
        } else if (key.equals(OPTIMAL_BUDGET)) {
            value.as(BUDGET);
        } else if (!key.equals(RELEASE)) {
            throw unknown(value);
        }
    }

    private void changeColumn(Value value) {
        int dot = value.key.lastIndexOf('.');
        String name = dot < COLUMNS.length() ? "" : value.key.substring(COLUMNS.length(), dot);
        String key = value.key.substring(dot + 1);
        for (int i = 0; i < columns.size(); i++) {
            ColumnPlan column = columns.get(i);
            if (!column.name().equals(name)) {
                continue;
            }
            if (key.equals(ENABLED)) {
                enable(name, value);
            } else {
                ColumnSetting setting = ColumnSetting.of(column.form()).stream()
                        .filter(each -> each.key().equals(key))
                        .findFirst()
                        .orElseThrow(() -> unknown(value));
                columns.set(
                        i,
                        column.toBuilder()
                                .set(setting, value.as(setting.type()))
                                .build());
            }
            return;
        }
        throw unknown(value);
    }

    private void enable(String column, Value value) {
        if (value.as(TRUTH)) {
            disabled.remove(column);
        } else {
            disabled.add(column);
        }
        if (ScoringPlan.leavesNone(columns, disabled)) {
            throw value.invalid("leaves no column enabled");
        }
    }

    private void changeRule(Value value) {
        for (Rule rule : rules.rules()) {
            String key = RULES + rule.name();
            if (value.key.equals(key + MODE)) {
                rules = rules.with(rule.in(value.as(MODES)));
                return;
            }
            if (rule instanceof Rule.Cap cap && value.key.equals(key + MAX)) {
                rules = rules.with(cap.max(value.as(CAPS)));
                return;
            }
        }
        throw unknown(value);
    }

    private void changeExploration(Value value) {
        for (ExplorationSetting setting : ExplorationSetting.values()) {
            if (value.key.equals(EXPLORE + setting.key())) {
                explore.put(setting, value);
                return;
            }
        }
        throw unknown(value);
    }

    /** A setting that a method of the plan's own does not look at would do nothing and is refused. */
    private Exploration exploration() {
        Map<ExplorationSetting, Object> settings = ExplorationSetting.in(plan.exploration());
        explore.forEach((setting, value) -> settings.put(setting, value.as(setting.type())));
        Exploration exploration = ExplorationSetting.exploration(settings);
        Optional<Value> first = explore.values().stream().findFirst();
        if (first.isPresent() && !exploration.isOn() && !explore.containsKey(ExplorationSetting.METHOD)) {
            throw first.get().invalid("goes with explore.method=uniform or softmax only");
        }
        return exploration;
    }

    private static void checkSeed(Value value) {
        if (value.text.isEmpty() || value.text.length() > SEED_LENGTH_MAX) {
            throw value.invalid("must have 1 to %s characters".formatted(SEED_LENGTH_MAX));
        }
    }

    /** The method first, then what belongs to it; a setting of another method would do nothing and is refused. */
    private BlendRecipe blend() {
        BlendRecipe before = plan.blend();
        Value other = blend.get(METHOD);
        String method = other == null
                ? before.method()
                : other.checked(text -> SettingType.oneOf(text, BlendSetting.METHODS, m -> m));
        for (BlendSetting setting : BLEND_SETTINGS) {
            Value value = blend.get(BLEND + setting.key());
            if (value != null && !setting.method().equals(method)) {
                throw value.invalid("goes with blend.method=%s only".formatted(setting.method()));
            }
        }
        Map<BlendSetting, Object> settings = BlendSetting.in(before);
        // Who turns to a linear blend by an override has always got this scale, which differs from that of files.
        settings.putIfAbsent(BlendSetting.NORMALIZER, Normalizer.MIN_MAX);
        for (BlendSetting setting : BLEND_SETTINGS) {
            Value value = blend.get(BLEND + setting.key());
            if (value != null) {
                settings.put(setting, value.as(setting.type()));
            }
        }
        return BlendSetting.recipe(method, settings);
    }

    private static List<String> blendKeys() {
        List<String> keys = new ArrayList<>(List.of(METHOD));
        BLEND_SETTINGS.forEach(setting -> keys.add(BLEND + setting.key()));
        return keys;
    }

    private Invalid unknown(Value value) {
        List<String> keys = new ArrayList<>(List.of(RELEASE, OPTIMAL, OPTIMAL_BUDGET, SEED));
        keys.addAll(blendKeys());
        for (ExplorationSetting setting : ExplorationSetting.values()) {
            keys.add(EXPLORE + setting.key());
        }
        for (ColumnPlan column : columns) {
            String prefix = COLUMNS + column.name() + ".";
            ColumnSetting.of(column.form()).stream().forEach(setting -> keys.add(prefix + setting.key()));
            keys.add(prefix + ENABLED);
        }
        for (Rule rule : rules.rules()) {
            keys.add(RULES + rule.name() + MODE);
            if (rule instanceof Rule.Cap) {
                keys.add(RULES + rule.name() + MAX);
            }
        }
        return new Invalid(
                "unknown-override",
                value.field,
                "no setting is called '%s'; there are %s".formatted(value.key, String.join(", ", keys)));
    }

    /** One override on its way from text. */
    private record Value(String key, String text, String field) {

        <V> V as(SettingType<V> type) {
            return checked(type::parse);
        }

        <V> V checked(Function<String, V> parse) {
            try {
                return parse.apply(text);
            } catch (IllegalArgumentException e) {
                throw invalid(String.valueOf(e.getMessage()));
            }
        }

        Invalid invalid(String rule) {
            return new Invalid("override-out-of-bounds", field, "%s %s: %s".formatted(key, rule, text));
        }
    }

    /** The release that the overrides name. */
    public static Optional<String> release(Map<String, String> overrides) {
        return Optional.ofNullable(overrides.get(RELEASE));
    }

    /** What chance goes by where the overrides say so. */
    public static Optional<String> seed(Map<String, String> overrides) {
        return Optional.ofNullable(overrides.get(SEED));
    }

    /** Whether a change concerns what chance does. */
    static boolean explores(String key) {
        return key.startsWith(EXPLORE);
    }

    /** What overrides that {@link #apply} let through say of the search through all entities, on top of what was said before. */
    public static ExactTopKOptions exactTopK(Map<String, String> overrides, ExactTopKOptions before) {
        String wanted = overrides.get(OPTIMAL);
        String budget = overrides.get(OPTIMAL_BUDGET);
        return new ExactTopKOptions(
                wanted == null ? before.wanted() : Boolean.parseBoolean(wanted),
                budget == null ? before.budget() : Duration.ofMillis(Long.parseLong(budget)));
    }
}
