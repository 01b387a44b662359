package repscorer.ann.sparse;

import repscorer.ann.TopK;
import repscorer.vector.SparseQuery;

/** What one search writes to: borrowed, used by one thread, cleared, returned. Memory: 8 bytes an item, and 12 for
 * each of the most that a search met. */
final class Scratch {

    private final SparseQuery query = new SparseQuery();
    private final Sums sums;
    private final QueryLists lists;
    private final TopK best = new TopK(1);
    private final KnownScores known = new KnownScores();
    private final Candidates candidates = new Candidates();

    Scratch(int count, Postings postings) {
        sums = new Sums(count);
        lists = new QueryLists(postings);
    }

    SparseQuery query() {
        return query;
    }

    Sums sums() {
        return sums;
    }

    QueryLists lists() {
        return lists;
    }

    TopK best() {
        return best;
    }

    KnownScores known() {
        return known;
    }

    Candidates candidates() {
        return candidates;
    }

    /** O(items met). */
    void clear() {
        sums.clear();
        query.clear();
    }
}
