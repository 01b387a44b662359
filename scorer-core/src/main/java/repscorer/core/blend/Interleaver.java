package repscorer.core.blend;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Makes one list of several by taking from each in turn, as the reference's mixer does. */
final class Interleaver {

    /*
     * Lists stand in a queue. The first adds its weight to its credit. With a credit of 1 it pays 1 and gives its next
     * candidate; a candidate that was given before is skipped, and the list keeps its place. After a candidate that was new,
     * or without enough credit, it goes to the end of the queue. So a weight of 1 gives in every round. After adjustmentsMax
     * steps credits count no longer, which ends the interleaving of lists of weight 0 too.
     */

    /** What a credit must reach; below 1 only in name, as the reference's 1 - 1e-30 is 1 in a double. */
    private static final double CREDIT_MIN = 1 - 1e-30;

    private final int candidates;

    Interleaver(int candidates) {
        this.candidates = candidates;
    }

    /** A list on its way. */
    private static final class Lane {

        private final int column;
        private final List<Integer> list;
        private final double weight;
        private double credit;
        private int next;

        Lane(int column, List<Integer> list, double weight) {
            this.column = column;
            this.list = list;
            this.weight = weight;
        }
    }

    /** Which column gave a candidate, and at which place from 1. */
    record Given(int column, int candidate, int position) {}

    /** Every column's turns alike. */
    List<Given> roundRobin(List<Column> columns) {
        return interleave(lanes(columns, 1), Integer.MAX_VALUE);
    }

    /** Longer lists give more often: weight (1 − shrinkage) · size / largest size + shrinkage. */
    List<Given> countWeighted(List<Column> columns, double shrinkage, int adjustmentsMax) {
        return interleave(lanes(columns, shrinkage), adjustmentsMax);
    }

    private ArrayDeque<Lane> lanes(List<Column> columns, double shrinkage) {
        List<List<Integer>> lists = new ArrayList<>();
        int largest = 1;
        for (Column column : columns) {
            List<Integer> list = list(column);
            lists.add(list);
            largest = Math.max(largest, list.size());
        }
        ArrayDeque<Lane> lanes = new ArrayDeque<>();
        for (int c = 0; c < lists.size(); c++) {
            double share = (double) lists.get(c).size() / largest;
            lanes.add(new Lane(c, lists.get(c), (1 - shrinkage) * share + shrinkage));
        }
        return lanes;
    }

    /** What the column found, best first, ties by place; nothing where it does not count. */
    List<Integer> list(Column column) {
        List<Integer> list = new ArrayList<>();
        for (int i = 0; i < candidates; i++) {
            if (column.weight() > 0 && column.present(i) && column.found(i)) {
                list.add(i);
            }
        }
        list.sort(Comparator.comparingDouble((Integer i) -> -column.oriented(i)));
        return list;
    }

    private List<Given> interleave(ArrayDeque<Lane> lanes, int adjustmentsMax) {
        List<Given> given = new ArrayList<>();
        boolean[] seen = new boolean[candidates];
        int steps = 0;
        while (!lanes.isEmpty()) {
            Lane lane = lanes.getFirst();
            if (lane.next == lane.list.size()) {
                lanes.removeFirst();
                continue;
            }
            lane.credit += lane.weight;
            steps++;
            boolean pays = lane.credit >= CREDIT_MIN || steps >= adjustmentsMax;
            boolean moves = !pays;
            if (pays) {
                lane.credit -= 1;
                int candidate = lane.list.get(lane.next++);
                if (!seen[candidate]) {
                    seen[candidate] = true;
                    given.add(new Given(lane.column, candidate, given.size() + 1));
                    moves = true;
                }
            }
            if (moves) {
                lanes.addLast(lanes.removeFirst());
            }
        }
        return given;
    }
}
