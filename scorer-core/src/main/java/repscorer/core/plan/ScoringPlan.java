package repscorer.core.plan;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import repscorer.core.blend.BlendRecipe;
import repscorer.core.entity.EntityKind;
import repscorer.core.rule.RuleBook;

/**
 * All that decides how a surface's request is answered. A value: experiments and requests derive another plan from it by
 * {@link PlanOverrides}, code never asks which variant is running.
 *
 * @param surface where results are shown: {@code follow}, {@code tweet}, {@code search}
 * @param kinds the kinds of candidates the surface answers
 * @param disabled names of columns that are switched off
 * @param exclude history spaces whose entities are left out by default, such as {@code history-follow}
 * @param kDefault how many candidates are answered when a request names no k
 * @param rules what is done to the ranked list, in order
 * @param attributes where rules read what they ask of candidates
 * @param anchors by dense column, the space whose entities an explanation names as near
 */
public record ScoringPlan(
        String surface,
        List<EntityKind> kinds,
        List<ColumnPlan> columns,
        Set<String> disabled,
        BlendRecipe blend,
        List<String> exclude,
        int kDefault,
        RuleBook rules,
        AttributePlan attributes,
        Map<String, String> anchors) {

    public ScoringPlan {
        kinds = List.copyOf(kinds);
        columns = List.copyOf(columns);
        disabled = Set.copyOf(disabled);
        exclude = List.copyOf(exclude);
        anchors = Map.copyOf(anchors);
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
        if (disabled.containsAll(names)) {
            throw new IllegalArgumentException("one column at least must be enabled: surface " + surface);
        }
        if (kDefault < 1 || kDefault > Limits.K_MAX) {
            throw new IllegalArgumentException(
                    "k-default must be 1 to %d: %d (surface %s)".formatted(Limits.K_MAX, kDefault, surface));
        }
    }

    /** A plan of enabled columns without rules. */
    public ScoringPlan(
            String surface,
            List<EntityKind> kinds,
            List<ColumnPlan> columns,
            BlendRecipe blend,
            List<String> exclude,
            int kDefault) {
        this(surface, kinds, columns, Set.of(), blend, exclude, kDefault, RuleBook.EMPTY, AttributePlan.NONE, Map.of());
    }

    /** The same plan with rules and where they read. */
    public ScoringPlan with(RuleBook otherRules, AttributePlan otherAttributes) {
        return new ScoringPlan(
                surface, kinds, columns, disabled, blend, exclude, kDefault, otherRules, otherAttributes, anchors);
    }

    /** The same plan with anchors for its explanations. */
    public ScoringPlan withAnchors(Map<String, String> otherAnchors) {
        return new ScoringPlan(
                surface, kinds, columns, disabled, blend, exclude, kDefault, rules, attributes, otherAnchors);
    }

    /** The same plan with other columns switched off. */
    public ScoringPlan withDisabled(Set<String> otherDisabled) {
        return new ScoringPlan(
                surface, kinds, columns, otherDisabled, blend, exclude, kDefault, rules, attributes, anchors);
    }

    public boolean enabled(ColumnPlan column) {
        return !disabled.contains(column.name());
    }
}
