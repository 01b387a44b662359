package repscorer.ann.hnsw;

import java.util.Arrays;

/** Which rows the lowest level's links lead to from the entry point, and the mending of the rest. One thread, O(links). */
final class Reach {

    /*
     * A search in breadth from the entry marks what is reached and by which row, which makes a tree. A row that is not reached
     * gets a link from the nearest reached one found that has a free place, or a link that is not in the tree and may be
     * overwritten: whatever was reached stays so. From there the search goes on.
     */

    private static final int NEAREST = 64;
    private static final int UNREACHED = -1;

    private final Graph graph;
    private final int[] members;

    /** The row that each was reached by; the entry by itself. */
    private final int[] parent;

    private final int[] queue;
    private int reached;

    private Reach(Graph graph, int[] members) {
        this.graph = graph;
        this.members = members;
        this.parent = new int[graph.upperAt.length];
        this.queue = new int[members.length];
        Arrays.fill(parent, UNREACHED);
        if (members.length > 0) {
            spread(graph.entry, graph.entry);
        }
    }

    /** How many of {@code members} are not reached. */
    static int unreachable(Graph graph, int[] members) {
        return members.length - new Reach(graph, members).reached;
    }

    /** Makes every one of {@code members} reachable and answers how many were not. */
    static int repair(Graph graph, int[] members, Points points, Scratch scratch) {
        Reach reach = new Reach(graph, members);
        int before = members.length - reach.reached;
        for (int row : members) {
            if (reach.parent[row] == UNREACHED) {
                reach.attach(row, points, scratch);
            }
        }
        return before;
    }

    /** Marks all that is reached from a row, which {@code by} leads to. */
    private void spread(int row, int by) {
        int done = reached;
        parent[row] = by;
        queue[reached++] = row;
        while (done < reached) {
            int at = queue[done++];
            int from = graph.from(0, at);
            for (int i = from, end = from + graph.degree(0, at); i < end; i++) {
                int to = graph.links[i];
                if (parent[to] == UNREACHED) {
                    parent[to] = at;
                    queue[reached++] = to;
                }
            }
        }
    }

    private void attach(int row, Points points, Scratch scratch) {
        points.prepareRow(scratch.query, row);
        int start = Walk.descend(graph, points, scratch, 0);
        Walk.search(graph, points, scratch, 0, start, NEAREST);
        for (int i = 0; i < scratch.pool.size(); i++) {
            if (attach(row, scratch.pool.ordinal(i))) {
                return;
            }
        }
        for (int other : members) { // a tree over n rows has n - 1 links, so there is a place somewhere
            if (attach(row, other)) {
                return;
            }
        }
        throw new IllegalStateException("no place for a link to row " + row);
    }

    private boolean attach(int row, int by) {
        if (parent[by] == UNREACHED) {
            return false;
        }
        int degree = graph.degree(0, by);
        int from = graph.from(0, by);
        int slot = degree;
        if (degree == graph.places(0)) {
            slot--;
            while (slot >= 0 && parent[graph.links[from + slot]] == by) {
                slot--;
            }
            if (slot < 0) {
                return false;
            }
        }
        graph.links[from + slot] = row;
        spread(row, by);
        return true;
    }
}
