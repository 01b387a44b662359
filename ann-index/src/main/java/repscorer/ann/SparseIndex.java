package repscorer.ann;

import repscorer.vector.SparseVector;

/** Finds the nearest items to a sparse query through their clusters. Immutable; safe for concurrent searches. */
public interface SparseIndex {

    /** How many items are indexed. */
    int count();

    /**
     * The best items among those met in the query's strongest clusters, or among all under
     * {@link SparseSearchOptions.Mode#EXACT}; best first, ties by ascending ordinal.
     *
     * @return at most {@code options.resultsMax()} items, each with a cluster of the query; none for an empty query; of those
     *     scored by then where the deadline comes first, which the stats' end tells. What {@link
     *     SparseSearchOptions.Mode#RELEASED} reads is bounded and looks at no clock
     */
    Neighbors search(SparseVector query, SparseSearchOptions options);

    /**
     * Upper bounds of every item's score over whole vectors. To be closed; other bounds and searches may run beside it.
     *
     * @param query not empty
     */
    default ScoreBounds bounds(SparseVector query, SparseSearchOptions.Ranking ranking) {
        return ScoreBounds.NONE;
    }
}
