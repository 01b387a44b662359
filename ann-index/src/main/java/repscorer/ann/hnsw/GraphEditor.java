package repscorer.ann.hnsw;

import java.lang.invoke.VarHandle;
import java.util.Arrays;

/** Links rows into a graph that is searched meanwhile. One thread at a time; a row is written before, and no search sees it yet. */
final class GraphEditor {

    /*
     * Lists are rewritten in place: a search that reads one meanwhile sees links of before and after, all to rows that are
     * written.
     */

    private final Graph graph;
    private final RowScorer scorer;
    private final int efConstruction;
    private final BuildScratch scratch;

    GraphEditor(Graph graph, RowScorer scorer, int efConstruction, BuildScratch scratch) {
        this.graph = graph;
        this.scorer = scorer;
        this.efConstruction = efConstruction;
        this.scratch = scratch;
    }

    BuildScratch scratch() {
        return scratch;
    }

    /** Links a row and answers whether anything leads to it now: all rows around it may be closer to each other. */
    boolean link(int row) {
        SearchScratch search = scratch.search;
        int own = graph.level(row);
        long start = graph.start();
        int top = Graph.top(start);
        scorer.prepareRow(search.query, row);
        int at = top < 0 ? Graph.NONE : BeamSearch.descend(graph, scorer, search, own);
        int[][] chosen = new int[own + 1][0];
        for (int level = Math.min(own, top); level >= 0; level--) {
            BeamSearch.search(graph, scorer, search, level, at, efConstruction);
            at = search.candidates.ordinal(0);
            chosen[level] = Arrays.copyOf(scratch.ids, scratch.choose(scorer, scratch.takeCandidates(), graph.m));
        }
        for (int level = own; level >= 0; level--) {
            graph.setList(level, row, chosen[level], chosen[level].length);
        }
        VarHandle.releaseFence(); // the row and its lists come before the links to it
        boolean linked = own > top; // then it is the entry
        for (int level = own; level >= 0; level--) {
            for (int near : chosen[level]) {
                linked |= linkBack(level, near, row) && level == 0;
            }
        }
        if (own > top) {
            graph.enter(row);
        }
        return linked;
    }

    /** Answers whether the owner's list leads to the row now. */
    private boolean linkBack(int level, int owner, int row) {
        int places = graph.places(level);
        int degree = graph.copyList(level, owner, scratch.ids);
        if (degree < places) {
            graph.setLink(level, owner, degree, row);
            return true;
        }
        scratch.ids[degree] = row;
        scorer.prepareRow(scratch.search.query, owner);
        scorer.score(scratch.search.query, scratch.ids, degree + 1, scratch.scores);
        scratch.sort(degree + 1);
        int links = scratch.choose(scorer, degree + 1, places);
        graph.setList(level, owner, scratch.ids, links);
        for (int i = 0; i < links; i++) {
            if (scratch.ids[i] == row) {
                return true;
            }
        }
        return false;
    }
}
