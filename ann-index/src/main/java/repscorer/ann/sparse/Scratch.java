package repscorer.ann.sparse;

import repscorer.vector.SparseQuery;

/** What one search writes to: borrowed, used by one thread, cleared, returned. Memory: 8 bytes an item, and 8 for each item met. */
final class Scratch {

    private final SparseQuery query = new SparseQuery();
    private final Sums sums;
    private final QueryLists lists;
    private final BestKeys best = new BestKeys();
    private final KnownScores known = new KnownScores();
    private int[] candidates = new int[256];
    private final int[] batch = new int[WholeSearch.BATCH];

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

    BestKeys best() {
        return best;
    }

    KnownScores known() {
        return known;
    }

    /** Room for {@code size} ordinals. */
    int[] candidates(int size) {
        if (size > candidates.length) {
            candidates = new int[Math.max(size, 2 * candidates.length)];
        }
        return candidates;
    }

    /** Room for the ordinals of one batch of rows. */
    int[] batch() {
        return batch;
    }

    void clear() {
        sums.clear();
        query.clear();
    }
}
