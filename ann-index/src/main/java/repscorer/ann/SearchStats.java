package repscorer.ann;

/**
 * What a search did.
 *
 * @param plan how the rows were found
 * @param scored how many rows were scored
 * @param ef the candidate list's length that was in effect; 0 where the plan has none
 */
public record SearchStats(Plan plan, long scored, int ef) {

    /** How a search found its rows. */
    public enum Plan {
        /** A walk over the graph. */
        GRAPH,
        /** A walk over the graph that asked for more than k, because a filter takes some away. */
        GRAPH_OVER_FETCH,
        /** A scan of every accepted row. */
        EXACT,
        /** A walk over the graph left too few rows after the filter, so every accepted row was scanned. */
        EXACT_AFTER_GRAPH,
        /** The first items of the query's strongest clusters, ranked by what was met there. */
        CLUSTERS,
        /** The first items of the query's strongest clusters, scored anew on their whole vectors. */
        CLUSTERS_RESCORED,
        /** The lists of the query's clusters, until bounds showed that no other item can be among the best. */
        CLUSTERS_EXACT
    }
}
