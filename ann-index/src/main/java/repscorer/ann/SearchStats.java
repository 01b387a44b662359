package repscorer.ann;

/**
 * What a search did.
 *
 * @param plan how the rows were found
 * @param scored how many rows were scored, by whatever form of theirs
 * @param ef the effort that was in effect; 0 where the plan has none
 * @param visited how many rows had their links followed; 0 where the plan has no graph
 * @param end why the answer is as long as it is
 */
public record SearchStats(Plan plan, long scored, int ef, long visited, End end) {

    /** How a search found its rows. */
    public enum Plan {
        /** A search of the graph. */
        GRAPH,
        /** A search of the graph that asked for more than k, because a filter takes some away. */
        GRAPH_OVER_FETCH,
        /** A search over the rows of the graph that a filter accepts, stepping across those it refuses. */
        GRAPH_FILTERED,
        /** A scan of every accepted row. */
        EXACT,
        /** A search of the graph left too few rows after the filter, so every accepted row was scanned. */
        EXACT_AFTER_GRAPH,
        /** The first items of the query's strongest clusters, ranked by what was met there. */
        CLUSTERS,
        /** The first items of the query's strongest clusters, scored anew on their whole vectors. */
        CLUSTERS_RESCORED,
        /** The lists of the query's clusters, until bounds showed that no other item can be among the best. */
        CLUSTERS_EXACT
    }

    /** Why a search ended. */
    public enum End {
        /** The search went as far as it was asked to. */
        DONE,
        /** Fewer rows than asked for reach the least score, as far as the search went. */
        SCORE_MIN,
        /** There are no more rows that the filter and the least score accept. */
        EXHAUSTED,
        /** The deadline came first: better rows may be missing. */
        DEADLINE
    }

    /** A search that went as far as it was asked to and followed no links. */
    public SearchStats(Plan plan, long scored, int ef) {
        this(plan, scored, ef, 0, End.DONE);
    }

    public SearchStats(Plan plan, long scored, int ef, long visited) {
        this(plan, scored, ef, visited, End.DONE);
    }

    public SearchStats ended(End end) {
        return new SearchStats(plan, scored, ef, visited, end);
    }
}
