package repscorer.core;

import java.util.HashSet;
import java.util.List;
import repscorer.core.blend.BlendRecipe;
import repscorer.core.entity.EntityKind;

/**
 * All that decides how a surface's request is answered. A value: experiments and requests derive another plan from it by
 * {@link PlanOverrides}, code never asks which variant is running.
 *
 * @param surface where results are shown: {@code follow}, {@code tweet}, {@code search}
 * @param kinds the kinds of candidates the surface answers
 * @param exclude history spaces whose entities are left out by default, such as {@code history-follow}
 * @param kDefault how many candidates are answered when a request names no k
 */
public record ScoringPlan(
        String surface,
        List<EntityKind> kinds,
        List<ColumnPlan> columns,
        BlendRecipe blend,
        List<String> exclude,
        int kDefault) {

    public ScoringPlan {
        kinds = List.copyOf(kinds);
        columns = List.copyOf(columns);
        exclude = List.copyOf(exclude);
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
        if (kDefault < 1 || kDefault > Limits.K_MAX) {
            throw new IllegalArgumentException(
                    "k-default must be 1 to %d: %d (surface %s)".formatted(Limits.K_MAX, kDefault, surface));
        }
    }
}
