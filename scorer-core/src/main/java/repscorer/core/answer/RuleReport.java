package repscorer.core.answer;

import java.util.List;
import repscorer.core.entity.EntityId;
import repscorer.core.rule.Rule;

/**
 * What one rule did to the whole list.
 *
 * @param named how many ids a removing rule names; those are left out of the searches already, but for a dry run
 * @param removed candidates it took out of the ranked list, best first; the first {@value #REMOVED_MAX} of them
 * @param removedCount all of them
 * @param scored how many candidates it gave another score
 * @param placed how many candidates it moved
 */
public record RuleReport(
        String rule, Rule.Mode mode, int named, List<EntityId> removed, int removedCount, int scored, int placed) {

    public static final int REMOVED_MAX = 100;

    public RuleReport {
        removed = List.copyOf(removed);
    }
}
