package repscorer.ann.hnsw;

import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.Collection;

/**
 * Links rows into a graph that is searched meanwhile, and takes deleted ones out again. One thread edits at a time; a row that is
 * linked is written before, and no search can see it yet.
 */
final class GraphEditor {

    /*
     * Lists are rewritten in place: a search that reads one meanwhile sees links of before and after, all to rows that are
     * written. A deleted row stays as it is, a stepping stone, until a batch of them is unlinked: each list that leads to
     * one gets links in its place from those that the deleted ones led to (after FreshDiskANN: Singh et al., 2021, arXiv
     * 2105.09613, algorithm 4).
     */

    private static final int[] NO_LINKS = new int[0];

    private final Graph graph;
    private final RowScorer scorer;
    private final MutableRows rows;
    private final int efConstruction;
    private final BuildScratch scratch;

    GraphEditor(Graph graph, RowScorer scorer, MutableRows rows, int efConstruction, BuildScratch scratch) {
        this.graph = graph;
        this.scorer = scorer;
        this.rows = rows;
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
            chosen[level] = Arrays.copyOf(scratch.ids, scratch.choose(scorer, takeLive(), graph.m));
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

    /** Puts the candidates that are not deleted in front and answers how many there are. */
    private int takeLive() {
        CandidateList candidates = scratch.search.candidates;
        int n = 0;
        for (int i = 0; i < candidates.size(); i++) {
            if (rows.accepts(candidates.ordinal(i))) {
                scratch.ids[n] = candidates.ordinal(i);
                scratch.scores[n++] = candidates.score(i);
            }
        }
        return n;
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

    /**
     * Takes deleted rows out, with new links in the place of those that led to them.
     *
     * @param used no row of the graph has this ordinal or a higher one
     */
    void unlink(Collection<Integer> deleted, int used) {
        int top = Graph.top(graph.start());
        for (int row = 0; row < used; row++) {
            if (graph.holds(row) && rows.accepts(row)) {
                for (int level = Math.min(graph.level(row), top); level >= 0; level--) {
                    relink(level, row);
                }
            }
        }
        if (!rows.accepts(graph.entry())) {
            graph.enter(highest(used));
        }
        for (int row : deleted) {
            for (int level = graph.level(row); level >= 0; level--) {
                graph.setList(level, row, NO_LINKS, 0);
            }
            graph.remove(row);
        }
    }

    /** Gives a list that leads to deleted rows, in their places, the best of those that these led to. */
    private void relink(int level, int row) {
        int n = scratch.gatherRelinked(graph, level, row, row, near -> rows.accepts(near) ? near : Graph.NONE);
        if (scratch.kept == scratch.degree) {
            return;
        }
        scorer.prepareRow(scratch.search.query, row);
        scorer.score(scratch.search.query, scratch.ids, n, scratch.scores);
        scratch.sort(n);
        graph.setList(level, row, scratch.ids, scratch.chooseAtLeast(scorer, n, scratch.degree));
    }

    private int highest(int used) {
        int highest = Graph.NONE;
        int level = Graph.NONE;
        for (int row = 0; row < used; row++) {
            if (rows.accepts(row) && graph.holds(row) && graph.level(row) > level) {
                highest = row;
                level = graph.level(row);
            }
        }
        return highest;
    }
}
