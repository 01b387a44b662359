package repscorer.core.interleave;

import java.util.List;
import java.util.Locale;
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
        OPTIMISED;

        /** In lower case with hyphens. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    public Interleaving {
        teams = List.copyOf(teams);
        if (teams.size() != 2 || teams.get(0).equals(teams.get(1))) {
            throw new IllegalArgumentException("two variants are interleaved that differ: " + teams);
        }
    }

    /** @param method as {@link Method#toString} has it */
    public static Interleaving of(String method, List<String> teams) {
        return new Interleaving(Method.valueOf(method.toUpperCase(Locale.ROOT).replace('-', '_')), teams);
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
