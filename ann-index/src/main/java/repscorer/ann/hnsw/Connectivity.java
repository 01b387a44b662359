package repscorer.ann.hnsw;

import java.util.Arrays;

/** Which rows the lowest level's links lead to from the entry point, and the mending of the rest. One thread, O(links). */
final class Connectivity {

    /*
     * A search in breadth from the entry marks what is reached and by which row, which makes a tree. A row that is not reached
     * gets a link from the nearest reached one found that has a free place, or a link that is not in the tree and may be
     * overwritten: whatever was reached stays so. From there the search goes on.
     */

    private static final int NEAREST = 64;
    private static final int UNREACHED = -1;

    private final Graph graph;

    /** The row that each was reached by; the entry by itself. */
    private final int[] parent;

    private final int[] queue;
    private int reached;

    /** How many rows the graph has. */
    private final int held;

    private Connectivity(Graph graph) {
        this.graph = graph;
        this.held = held(graph);
        this.parent = new int[graph.capacity];
        this.queue = new int[graph.capacity];
        Arrays.fill(parent, UNREACHED);
        if (graph.entry() >= 0) {
            spread(graph.entry(), graph.entry());
        }
    }

    /** How many rows of the graph are not reached. */
    static int unreachable(Graph graph) {
        Connectivity connectivity = new Connectivity(graph);
        return connectivity.held - connectivity.reached;
    }

    /** Makes every row of the graph reachable and answers how many were not. */
    static int repair(Graph graph, RowScorer scorer, SearchScratch scratch) {
        Connectivity connectivity = new Connectivity(graph);
        int before = connectivity.held - connectivity.reached;
        for (int row = 0; connectivity.reached < connectivity.held; row++) {
            if (graph.holds(row) && connectivity.parent[row] == UNREACHED) {
                connectivity.attach(row, scorer, scratch);
            }
        }
        return before;
    }

    private static int held(Graph graph) {
        int held = 0;
        for (int row = 0; row < graph.capacity; row++) {
            held += graph.holds(row) ? 1 : 0;
        }
        return held;
    }

    /** Marks all that is reached from a row, which {@code by} leads to. */
    private void spread(int row, int by) {
        int done = reached;
        parent[row] = by;
        queue[reached++] = row;
        while (done < reached) {
            int at = queue[done++];
            for (int i = 0, degree = graph.degree(0, at); i < degree; i++) {
                int to = graph.link(0, at, i);
                if (parent[to] == UNREACHED) {
                    parent[to] = at;
                    queue[reached++] = to;
                }
            }
        }
    }

    private void attach(int row, RowScorer scorer, SearchScratch scratch) {
        scorer.prepareRow(scratch.query, row);
        int start = BeamSearch.descend(graph, scorer, scratch, 0);
        BeamSearch.search(graph, scorer, scratch, 0, start, NEAREST);
        for (int i = 0; i < scratch.candidates.size(); i++) {
            if (attach(row, scratch.candidates.ordinal(i))) {
                return;
            }
        }
        for (int other = 0; other < graph.capacity; other++) { // a tree over n rows has n - 1 links: some place is free
            if (graph.holds(other) && attach(row, other)) {
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
        int slot = degree;
        if (degree == graph.places(0)) {
            slot--;
            while (slot >= 0 && parent[graph.link(0, by, slot)] == by) {
                slot--;
            }
            if (slot < 0) {
                return false;
            }
        }
        graph.setLink(0, by, slot, row);
        spread(row, by);
        return true;
    }
}
