package repscorer.ann.hnsw;

import repscorer.vector.SortedKeys;

/** The candidate list of a beam search: the best rows met, best first, each with a bit that says whether its links were followed. */
final class CandidateList {

    /*
     * A key holds the score as an int that orders as the float does in its high half; in the low one the ordinal's complement,
     * so that of equal scores the lower ordinal is greater, and the bit. Insertion moves half the keys on average, which for
     * some hundred costs less than two heaps do.
     *
     * The floor is a score below which nothing is kept or followed any more: see narrow.
     */

    private static final int ORDINAL_MASK = Integer.MAX_VALUE;

    /** How many scores are looked at at once. */
    static final int CHUNK = Long.SIZE;

    private final SortedKeys keys = new SortedKeys();

    /** No row before this one is still to be followed. */
    private int next;

    private int followed;
    private float floor = Float.NEGATIVE_INFINITY;

    /** Forgets everything and keeps the best {@code capacity} from now on. */
    void reset(int capacity) {
        keys.reset(capacity);
        next = 0;
        floor = Float.NEGATIVE_INFINITY;
    }

    int size() {
        return keys.size();
    }

    int ordinal(int place) {
        return ordinal(keys.get(place));
    }

    float score(int place) {
        return score(keys.get(place));
    }

    /** The best row whose links were not followed, now taken as followed; {@link Graph#NONE} when there is none. */
    int follow() {
        next = keys.firstEven(next);
        if (next == keys.size() || score(next) < floor) {
            return Graph.NONE;
        }
        followed = next++;
        keys.set(followed, keys.get(followed) | 1);
        return ordinal(followed);
    }

    /** At which place the row is that {@link #follow} answered last, if nothing was offered since. */
    int followedPlace() {
        return followed;
    }

    /**
     * Lets nothing be kept or followed any more whose distance to the query is more than {@code slack} times that of the k-th
     * best, both squared; without effect while there are fewer than k.
     *
     * @param zero the score of no distance
     * @param least taken for the k-th best's distance where that is less, as codes tell no smaller ones apart
     */
    void narrow(int k, float slack, float zero, float least) {
        if (size() >= k) {
            float distance = Math.max(least, zero - score(k - 1));
            floor = Math.max(floor, zero - slack * distance);
        }
    }

    /** Keeps a row that is not in here yet, if it is good enough. */
    void offer(int ordinal, float score) {
        if (score >= least()) {
            insert(ordinal, score);
        }
    }

    /** Which of the scores from {@code from} to {@code n}, at most {@link #CHUNK}, are good enough: a bit each, so no branch. */
    long good(float[] scores, int from, int n) {
        long good = 0;
        float least = least();
        int end = Math.min(n, from + CHUNK);
        for (int i = from; i < end; i++) {
            good |= (scores[i] >= least ? 1L : 0L) << i;
        }
        return good;
    }

    /** Keeps a row that is good enough and not in here yet; one that others, kept since, push out is dropped. */
    void insert(int ordinal, float score) {
        next = Math.min(next, keys.insert(key(ordinal, score)));
    }

    /** Whatever has less is not kept. */
    private float least() {
        return keys.isFull() ? Math.max(floor, score(size() - 1)) : floor;
    }

    /** A score and an ordinal in one long: greater means a higher score, or an equal one and a lower ordinal. */
    static long key(int ordinal, float score) {
        int bits = Float.floatToRawIntBits(score + 0f); // -0 becomes 0: the two are equal scores
        int sortable = bits ^ ((bits >> 31) & Integer.MAX_VALUE);
        return ((long) sortable << 32) | ((~ordinal & ORDINAL_MASK) * 2L);
    }

    static int ordinal(long key) {
        return ~(int) (key >>> 1) & ORDINAL_MASK;
    }

    static float score(long key) {
        int sortable = (int) (key >> 32);
        return Float.intBitsToFloat(sortable ^ ((sortable >> 31) & Integer.MAX_VALUE));
    }
}
