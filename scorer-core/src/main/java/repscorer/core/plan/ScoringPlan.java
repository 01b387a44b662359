package repscorer.core.plan;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import repscorer.core.blend.BlendRecipe;
import repscorer.core.blend.Calibration;
import repscorer.core.blend.Normalizer;
import repscorer.core.entity.EntityKind;
import repscorer.core.explore.Exploration;
import repscorer.core.rule.RuleBook;

/**
 * All that decides how a surface's request is answered. A value: experiments and requests derive another plan from it by
 * {@link PlanOverrides}, code never asks which variant is running.
 *
 * @param surface where results are shown: {@code follow}, {@code tweet}, {@code search}
 * @param kinds the kinds of candidates the surface answers
 * @param disabled names of columns that are switched off
 * @param optional names of columns that have no part where a release lacks their spaces
 * @param exclude history spaces whose entities are left out by default, such as {@code history-follow}
 * @param kDefault how many candidates are answered when a request names no k
 * @param rules what is done to the ranked list, in order
 * @param attributes where rules read what they ask of candidates
 * @param anchors by dense column, the space whose entities an explanation names as near
 * @param reasons by sparse column, what is told to people of what a candidate shares with the source
 * @param exploration what chance does to the list that rules leave
 * @param calibration what a final score of this very plan is as a probability; empty where nothing says so
 */
public record ScoringPlan(
        String surface,
        List<EntityKind> kinds,
        List<ColumnPlan> columns,
        Set<String> disabled,
        Set<String> optional,
        BlendRecipe blend,
        List<String> exclude,
        int kDefault,
        RuleBook rules,
        AttributePlan attributes,
        Map<String, String> anchors,
        Map<String, ReasonPlan> reasons,
        Exploration exploration,
        Optional<Calibration> calibration) {

    public static final int K_DEFAULT = 20;

    public ScoringPlan {
        kinds = List.copyOf(kinds);
        columns = List.copyOf(columns);
        disabled = Set.copyOf(disabled);
        optional = Set.copyOf(optional);
        exclude = List.copyOf(exclude);
        anchors = Map.copyOf(anchors);
        reasons = Map.copyOf(reasons);
        if (columns.isEmpty() || kinds.isEmpty()) {
            throw new IllegalArgumentException("a plan needs a kind and a column: surface " + surface);
        }
        HashSet<String> names = new HashSet<>();
        for (ColumnPlan column : columns) {
            if (!names.add(column.name())) {
                throw new IllegalArgumentException(
                        "column names must differ: '%s' twice (surface %s)".formatted(column.name(), surface));
            }
        }
        if (leavesNone(columns, disabled)) {
            throw new IllegalArgumentException("one column at least must be enabled: surface " + surface);
        }
        if (kDefault < 1 || kDefault > Limits.K_MAX) {
            throw new IllegalArgumentException(
                    "k-default must be 1 to %s: %s (surface %s)".formatted(Limits.K_MAX, kDefault, surface));
        }
    }

    /** A builder of a surface's plan. */
    public static Builder of(String surface, EntityKind... kinds) {
        return new Builder(surface, List.of(kinds));
    }

    /** A builder of this plan with other values. */
    public Builder toBuilder() {
        return new Builder(surface, kinds)
                .columns(columns)
                .disabled(disabled)
                .optional(optional)
                .blend(blend)
                .exclude(exclude)
                .kDefault(kDefault)
                .rules(rules)
                .attributes(attributes)
                .anchors(anchors)
                .reasons(reasons)
                .exploration(exploration)
                .calibration(calibration);
    }

    /** The same plan with rules and where they read. */
    public ScoringPlan with(RuleBook otherRules, AttributePlan otherAttributes) {
        return toBuilder().rules(otherRules).attributes(otherAttributes).build();
    }

    /** The same plan with another part of chance in it. */
    public ScoringPlan with(Exploration other) {
        return toBuilder().exploration(other).build();
    }

    /** The plan of a request whose source is no text: columns of texts have no part in it, unless there are no others. */
    public ScoringPlan withoutTexts() {
        return without(column -> column.form() == ColumnPlan.Form.TEXT);
    }

    /**
     * The plan for a release: optional columns have no part in it whose sources or candidates it lacks, unless there are no others.
     *
     * @param has whether the release has a space
     */
    public ScoringPlan withoutAbsent(Predicate<String> has) {
        return without(column -> optional.contains(column.name())
                && !(column instanceof ColumnPlan.Model)
                && (column.sources().values().stream().noneMatch(has)
                        || column.candidates().values().stream().noneMatch(has)));
    }

    private ScoringPlan without(Predicate<ColumnPlan> left) {
        if (columns.stream().noneMatch(left)) {
            return this;
        }
        List<ColumnPlan> others = columns.stream().filter(left.negate()).toList();
        if (others.isEmpty()) {
            return this;
        }
        Set<String> names = others.stream().map(ColumnPlan::name).collect(Collectors.toSet());
        Set<String> stillDisabled = kept(disabled, names);
        if (leavesNone(others, stillDisabled)) {
            return this;
        }
        return toBuilder()
                .columns(others)
                .disabled(stillDisabled)
                .optional(kept(optional, names))
                .anchors(kept(anchors, names))
                .reasons(kept(reasons, names))
                .build();
    }

    private static Set<String> kept(Set<String> all, Set<String> names) {
        return all.stream().filter(names::contains).collect(Collectors.toSet());
    }

    private static <V> Map<String, V> kept(Map<String, V> all, Set<String> names) {
        return all.entrySet().stream()
                .filter(each -> names.contains(each.getKey()))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** Whether no column is left that compares anything: a model alone has nothing to go by. */
    public static boolean leavesNone(List<ColumnPlan> columns, Set<String> disabled) {
        return columns.stream()
                .allMatch(column -> column instanceof ColumnPlan.Model || disabled.contains(column.name()));
    }

    /** The columns that models compute and that are enabled, with their places. */
    public SortedMap<Integer, ColumnPlan.Model> models() {
        SortedMap<Integer, ColumnPlan.Model> models = new TreeMap<>();
        for (int c = 0; c < columns.size(); c++) {
            if (columns.get(c) instanceof ColumnPlan.Model model && enabled(model)) {
                models.put(c, model);
            }
        }
        return models;
    }

    public boolean enabled(ColumnPlan column) {
        return !disabled.contains(column.name());
    }

    /** Makes a plan step by step; what is left out is empty, the blend is linear over z-scores, and nothing is explored. Not for several threads. */
    public static final class Builder {

        private final String surface;
        private final List<EntityKind> kinds;
        private List<ColumnPlan> columns = List.of();
        private Set<String> disabled = Set.of();
        private Set<String> optional = Set.of();
        private BlendRecipe blend = new BlendRecipe.Linear(Normalizer.Z_SCORE);
        private List<String> exclude = List.of();
        private int kDefault = K_DEFAULT;
        private RuleBook rules = RuleBook.EMPTY;
        private AttributePlan attributes = AttributePlan.NONE;
        private Map<String, String> anchors = Map.of();
        private Map<String, ReasonPlan> reasons = Map.of();
        private Exploration exploration = Exploration.NONE;
        private Optional<Calibration> calibration = Optional.empty();

        private Builder(String surface, List<EntityKind> kinds) {
            this.surface = surface;
            this.kinds = kinds;
        }

        public Builder columns(ColumnPlan... columns) {
            return columns(List.of(columns));
        }

        public Builder columns(List<ColumnPlan> columns) {
            this.columns = columns;
            return this;
        }

        public Builder disabled(Set<String> names) {
            disabled = names;
            return this;
        }

        public Builder optional(Set<String> names) {
            optional = names;
            return this;
        }

        public Builder blend(BlendRecipe blend) {
            this.blend = blend;
            return this;
        }

        public Builder exclude(List<String> spaces) {
            exclude = spaces;
            return this;
        }

        public Builder kDefault(int kDefault) {
            this.kDefault = kDefault;
            return this;
        }

        public Builder rules(RuleBook rules) {
            this.rules = rules;
            return this;
        }

        public Builder attributes(AttributePlan attributes) {
            this.attributes = attributes;
            return this;
        }

        public Builder anchors(Map<String, String> anchors) {
            this.anchors = anchors;
            return this;
        }

        public Builder reasons(Map<String, ReasonPlan> reasons) {
            this.reasons = reasons;
            return this;
        }

        public Builder exploration(Exploration exploration) {
            this.exploration = exploration;
            return this;
        }

        public Builder calibration(Optional<Calibration> calibration) {
            this.calibration = calibration;
            return this;
        }

        /** @throws IllegalArgumentException naming the surface and the rule of a plan that is broken */
        public ScoringPlan build() {
            return new ScoringPlan(
                    surface,
                    kinds,
                    columns,
                    disabled,
                    optional,
                    blend,
                    exclude,
                    kDefault,
                    rules,
                    attributes,
                    anchors,
                    reasons,
                    exploration,
                    calibration);
        }
    }
}
