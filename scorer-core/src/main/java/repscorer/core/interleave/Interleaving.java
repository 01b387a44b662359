package repscorer.core.interleave;

import java.util.List;
import repscorer.core.explore.Draws;

/**
 * How two rankings become one list.
 *
 * @param teams names of the two, which differ
 */
public record Interleaving(Method method, List<String> teams) {

    /** Who comes next, and whom an outcome is credited to. */
    public enum Method {
        /** {@link TeamDraft}. */
        TEAM_DRAFT,
        /** {@link OptimisedInterleaving}. */
        OPTIMISED
    }

    public Interleaving {
        teams = List.copyOf(teams);
        if (teams.size() != 2 || teams.get(0).equals(teams.get(1))) {
            throw new IllegalArgumentException("two variants are interleaved that differ: " + teams);
        }
    }

    /**
     * The list of both.
     *
     * @param first a ranking of the first team, best first, each thing once
     * @param second likewise
     * @param k how long it is at most
     */
    public <T> List<Pick<T>> interleave(List<T> first, List<T> second, int k, Draws draws) {
        return switch (method) {
            case TEAM_DRAFT -> TeamDraft.of(first, second, k, draws);
            case OPTIMISED -> OptimisedInterleaving.of(first, second, k, draws);
        };
    }
}
