package repscorer.core.interleave;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import repscorer.core.explore.Draws;

/**
 * Interleaves as two captains pick their teams: in each round a coin says who picks first, and each takes its best that nobody took. Who
 * picked is credited, one for each outcome. For one list and one thread.
 */
final class TeamDraft<T> {

    /*
     * F. Radlinski, M. Kurup, T. Joachims: How Does Clickthrough Data Reflect Retrieval Quality? CIKM 2008. Where one has no more, the
     * other picks in its place.
     *
     * The probability of a place given those before it does not suppose that the coins are known: what would come next is certain for
     * each team, and who picks next is one of three states (a round begins, the first is still to pick, the second is), whose
     * probabilities given the list so far are kept.
     */

    private final Remaining<T> remaining;
    private final Draws draws;
    private double begins = 1;
    private final double[] toPick = {0, 0};

    private TeamDraft(Remaining<T> remaining, Draws draws) {
        this.remaining = remaining;
        this.draws = draws;
    }

    static <T> List<Pick<T>> of(List<T> first, List<T> second, int k, Draws draws) {
        List<Pick<T>> picks = new ArrayList<>();
        draft(new Remaining<>(first, second), k, draws, picks);
        return picks;
    }

    /** Goes on with what remains, until there are k picks or no more. */
    static <T> void draft(Remaining<T> remaining, int k, Draws draws, List<Pick<T>> picks) {
        TeamDraft<T> draft = new TeamDraft<>(remaining, draws);
        while (picks.size() < k && (remaining.top(0) != null || remaining.top(1) != null)) {
            draft.round(k, picks);
        }
    }

    private void round(int k, List<Pick<T>> picks) {
        int first = draws.below(2);
        for (int team : new int[] {first, 1 - first}) {
            @Nullable T best = remaining.top(team);
            if (best != null && picks.size() < k) {
                int rank = remaining.rank(team);
                picks.add(new Pick<>(best, team, rank, team, 1, propensity(best)));
                remaining.take(best);
            }
        }
    }

    /** How probably the next one is this, which then is known. */
    private double propensity(T taken) {
        @Nullable T ofFirst = remaining.top(0);
        @Nullable T ofSecond = remaining.top(1);
        if (ofFirst == null || ofSecond == null) {
            return 1; // and ever after
        }
        double firstOpens = taken.equals(ofFirst) ? begins / 2 : 0;
        double firstEnds = taken.equals(ofFirst) ? toPick[0] : 0;
        double secondOpens = taken.equals(ofSecond) ? begins / 2 : 0;
        double secondEnds = taken.equals(ofSecond) ? toPick[1] : 0;
        double all = firstOpens + firstEnds + secondOpens + secondEnds;
        begins = (firstEnds + secondEnds) / all;
        toPick[0] = secondOpens / all;
        toPick[1] = firstOpens / all;
        return Math.min(1, all);
    }
}
