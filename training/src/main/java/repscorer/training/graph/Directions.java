package repscorer.training.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The two directions of a pair, which say the same where a relation is undirected. */
public final class Directions {

    /** Below this share nothing is told: some of those who are followed follow back anywhere. */
    private static final double TOLD_MIN = 0.1;

    private Directions() {}

    /** The ordinal of each edge's other direction, -1 for none; all -1 where heads and tails are of two kinds. O(edges log). */
    static int[] reversed(Relation relation) {
        int[] reversed = new int[relation.edges()];
        Arrays.fill(reversed, -1);
        if (relation.headEntities() != relation.tailEntities()) {
            return reversed;
        }
        Csr byHead = relation.byHead();
        for (int edge = 0; edge < reversed.length; edge++) {
            int from = byHead.offsets()[relation.tails()[edge]];
            int to = byHead.offsets()[relation.tails()[edge] + 1];
            int at = Arrays.binarySearch(byHead.columns(), from, to, relation.heads()[edge]);
            reversed[edge] = at >= 0 ? byHead.edges()[at] : -1;
        }
        return reversed;
    }

    /** A line for each relation many of whose judging edges are trained on in the other direction. */
    public static List<String> notes(HoldOut.Split split) {
        List<String> notes = new ArrayList<>();
        for (Relation training : split.training().relations()) {
            Relation held = split.held().get(training.name());
            if (held == null || training.plan().several() || training.headEntities() != training.tailEntities()) {
                continue;
            }
            Csr known = training.byHead();
            int both = 0;
            for (int edge = 0; edge < held.edges(); edge++) {
                int tail = held.tails()[edge];
                both += tail < known.rows() && known.contains(tail, held.heads()[edge]) ? 1 : 0;
            }
            double share = both / (double) Math.max(1, held.edges());
            if (share >= TOLD_MIN) {
                notes.add(String.format(
                        Locale.ROOT,
                        "%.0f %% of the held-out edges of %s are trained on in the other direction; where both say the same, undirected: true holds both out",
                        100 * share,
                        training.name()));
            }
        }
        return notes;
    }
}
