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
     * @return at most {@code options.resultsMax()} items, each with a cluster of the query; none for an empty query
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
