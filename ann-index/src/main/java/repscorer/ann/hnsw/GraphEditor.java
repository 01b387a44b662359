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
    private final LinkRule rule;
    private final int efConstruction;
    private final BuildScratch scratch;

    GraphEditor(Graph graph, LinkRule rule, int efConstruction, BuildScratch scratch) {
        this.graph = graph;
        this.rule = rule;
        this.efConstruction = efConstruction;
        this.scratch = scratch;
    }

    BuildScratch scratch() {
        return scratch;
    }

    LinkRule rule() {
        return rule;
    }

    /** Links a row and answers whether anything leads to it now: all rows around it may be closer to each other. */
    boolean link(int row) {
        SearchScratch search = scratch.search;
        rule.set(row, search.query);
        int own = graph.level(row);
        long start = graph.start();
        int top = Graph.top(start);
        int[][] chosen = new int[own + 1][0];
        for (int kind = 0; kind < rule.kinds(); kind++) {
            RowScorer by = rule.by(kind);
            by.prepareRow(search.query, row);
            int at = top < 0 ? Graph.NONE : BeamSearch.descend(graph, by, search, own);
            for (int level = Math.min(own, top); level >= 0; level--) {
                BeamSearch.search(graph, by, search, level, at, efConstruction);
                at = search.candidates.ordinal(0);
                chosen[level] = Arrays.copyOf(
                        scratch.ids, rule.choose(kind, level, scratch, scratch.takeCandidates(), graph.m));
            }
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
        rule.scorer().prepareRow(scratch.search.query, owner);
        rule.scorer().score(scratch.search.query, scratch.ids, degree + 1, scratch.scores);
        int links = rule.chooseAnew(scratch, owner, degree + 1, places);
        graph.setList(level, owner, scratch.ids, links);
        for (int i = 0; i < links; i++) {
            if (scratch.ids[i] == row) {
                return true;
            }
        }
        return false;
    }
}
