package repscorer.core.interleave;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Two rankings, and what of them is not taken yet. For one thread. */
final class Remaining<T> {

    private final List<List<T>> rankings;
    private final Set<T> taken = new HashSet<>();
    private final int[] next = new int[2];

    Remaining(List<T> first, List<T> second) {
        rankings = List.of(first, second);
    }

    /** The best of a team's that is not taken; null where it has no more. */
    @Nullable
    T top(int team) {
        List<T> ranking = rankings.get(team);
        while (next[team] < ranking.size() && taken.contains(ranking.get(next[team]))) {
            next[team]++;
        }
        return next[team] < ranking.size() ? ranking.get(next[team]) : null;
    }

    /** Where that stands in the team's ranking, from 0. */
    int rank(int team) {
        return next[team];
    }

    void take(T thing) {
        taken.add(thing);
    }
}
