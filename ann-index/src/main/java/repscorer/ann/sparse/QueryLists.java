package repscorer.ann.sparse;

import java.util.Arrays;
import repscorer.ann.TopK;
import repscorer.vector.SparseVector;

/**
 * What one query has left to read: parts of its clusters' lists, in the order in which they are read, and what all from a rank
 * on can add to an item. Reused; for one thread.
 */
final class QueryLists {

    /*
     * An unread part adds s · t to an item that is in it. All unread parts together add at most, whatever the item,
     *
     *     Σ s · max(t / norm(t)) · norm(item)        Σ s · max(t)        |s| · √(what is left of the item's squares)
     *
     * by what the lists know of themselves, and by Cauchy's and Schwarz's inequality. Sums run from the last rank to the
     * first: as differences from the whole they would be mostly rounding.
     *
     * A list that is cut has dropped items, and what those would get from it is never read.
     */

    private static final int ROOM_FIRST = 64;

    private final Postings postings;

    // By place: the list, the query's weight for it, and where its unread part lies.
    private int size;
    private int[] lists = new int[ROOM_FIRST];
    private double[] weights = new double[ROOM_FIRST];
    private int[] starts = new int[ROOM_FIRST];
    private int[] ends = new int[ROOM_FIRST];

    /** Keys of the query's entries, then of the places, best last. */
    private long[] ranked = new long[ROOM_FIRST];

    // By rank, for this and all later ones.
    private double[] squaresLeft = new double[ROOM_FIRST + 1];
    private double[] impactsLeft = new double[ROOM_FIRST + 1];
    private double[] weightsLeft = new double[ROOM_FIRST + 1];
    private long[] postingsLeft = new long[ROOM_FIRST + 1];

    // What the dropped items of lists that are cut would get.
    private double impactsDropped;
    private double weightsDropped;

    QueryLists(Postings postings) {
        this.postings = postings;
    }

    /** Takes all lists of the query, none of them read. */
    void set(SparseVector query, int itemNorm) {
        clear(query.size());
        for (int i = 0; i < query.size(); i++) {
            take(query, i, 0, itemNorm);
        }
        rank(itemNorm);
    }

    /** Meets the first {@code m} items of the query's {@code n} strongest clusters, and takes what is left of all its lists. */
    void setAfterFronts(SparseVector query, int n, int m, int itemNorm, Sums sums) {
        int entries = query.size();
        clear(entries);
        rankEntries(query);
        for (int rank = 0; rank < entries; rank++) {
            int entry = TopK.ordinal(ranked[entries - 1 - rank]);
            int front = rank < n ? m : 0;
            int list = take(query, entry, front, itemNorm);
            if (front > 0 && list != IntTable.ABSENT) {
                int end = postings.end(list);
                sums.meet(postings.entries(), end - postings.front(list, m), end, query.weights()[entry]);
            }
        }
        rank(itemNorm);
    }

    /** Meets the first {@code m} items of the query's {@code n} strongest clusters, squares and all. */
    void meetFronts(SparseVector query, int n, int m, Sums sums) {
        int entries = query.size();
        clear(entries);
        rankEntries(query);
        for (int rank = 0; rank < Math.min(n, entries); rank++) {
            int entry = TopK.ordinal(ranked[entries - 1 - rank]);
            int list = postings.list(query.columns()[entry]);
            if (list != IntTable.ABSENT) {
                int end = postings.end(list);
                sums.meetSquares(postings.entries(), end - postings.front(list, m), end, query.weights()[entry]);
            }
        }
    }

    private void rankEntries(SparseVector query) {
        for (int i = 0; i < query.size(); i++) {
            ranked[i] = TopK.key(i, query.weights()[i]);
        }
        Arrays.sort(ranked, 0, query.size());
    }

    /** Takes what is left of an entry's list behind its first {@code read} items; answers the list. */
    private int take(SparseVector query, int entry, int read, int itemNorm) {
        int list = postings.list(query.columns()[entry]);
        if (list == IntTable.ABSENT) {
            return list;
        }
        double weight = query.weights()[entry];
        int start = postings.start(list);
        int end = postings.end(list) - postings.front(list, read);
        if (start < end) {
            lists[size] = list;
            weights[size] = weight;
            starts[size] = start;
            ends[size] = end;
            size++;
        }
        if (postings.isCut(list)) {
            impactsDropped += weight * postings.droppedMax(itemNorm, list);
            weightsDropped += weight * postings.weightAt(start);
        }
        return list;
    }

    /** Those come first that say most of an item for each posting read. */
    private void rank(int itemNorm) {
        for (int place = 0; place < size; place++) {
            ranked[place] = TopK.key(place, (float) (weights[place] / Math.sqrt((double) ends[place] - starts[place])));
        }
        Arrays.sort(ranked, 0, size);
        squaresLeft[size] = 0;
        impactsLeft[size] = 0;
        weightsLeft[size] = 0;
        postingsLeft[size] = 0;
        for (int rank = size - 1; rank >= 0; rank--) {
            int place = place(rank);
            double weight = weights[place];
            int list = lists[place];
            // The front's weights ascend to its end, and all behind the front are below them.
            int greatest = Math.min(ends[place], postings.end(list) - 1);
            squaresLeft[rank] = squaresLeft[rank + 1] + weight * weight;
            impactsLeft[rank] = impactsLeft[rank + 1] + weight * postings.impactMax(itemNorm, list);
            weightsLeft[rank] = weightsLeft[rank + 1] + weight * postings.weightAt(greatest);
            postingsLeft[rank] = postingsLeft[rank + 1] + ends[place] - starts[place];
        }
    }

    private int place(int rank) {
        return TopK.ordinal(ranked[size - 1 - rank]);
    }

    private void clear(int entries) {
        size = 0;
        impactsDropped = 0;
        weightsDropped = 0;
        if (entries > ranked.length) {
            int room = (int) Math.min(Postings.POSTINGS_MAX - 1L, Math.max(entries, 2L * ranked.length));
            ranked = new long[room];
            lists = new int[room];
            weights = new double[room];
            starts = new int[room];
            ends = new int[room];
            squaresLeft = new double[room + 1];
            impactsLeft = new double[room + 1];
            weightsLeft = new double[room + 1];
            postingsLeft = new long[room + 1];
        }
    }

    /** How many parts there are to read. */
    int size() {
        return size;
    }

    /** Reads the part at a rank: into all sums, or into those of items that were met only. Answers how many postings that were. */
    int read(int rank, boolean meets, Sums sums) {
        int place = place(rank);
        if (meets) {
            sums.meet(postings.entries(), starts[place], ends[place], weights[place]);
        } else {
            sums.add(postings.entries(), starts[place], ends[place], weights[place]);
        }
        return ends[place] - starts[place];
    }

    /** Σ s² of the parts from a rank on. */
    double squaresLeft(int rank) {
        return squaresLeft[rank];
    }

    /** Σ s · max(t / norm(t)) of the parts from a rank on. */
    double impactsLeft(int rank) {
        return impactsLeft[rank];
    }

    /** Σ s · max(t) of the parts from a rank on. */
    double weightsLeft(int rank) {
        return weightsLeft[rank];
    }

    /** How many postings the parts from a rank on have. */
    long postingsLeft(int rank) {
        return postingsLeft[rank];
    }

    /** Whether an item's sum may lack something when all is read. */
    boolean areCut() {
        return weightsDropped > 0;
    }

    /** Σ s · max(t / norm(t)) over the items that lists have dropped. */
    double impactsDropped() {
        return impactsDropped;
    }

    /** Σ s · max(t) over the items that lists have dropped. */
    double weightsDropped() {
        return weightsDropped;
    }
}
