package repscorer.ann.hnsw;

import java.util.Arrays;

/** What one building thread writes to. */
final class BuildScratch {

    final Scratch walk;

    /** The rows before one's own in the batch, and their scores. */
    final int[] batchIds;

    final float[] batchScores;

    /** A list to choose links from; then the links chosen, in front. */
    int[] ids;

    float[] scores;

    /* While choosing: the latest choice as a query, what is left, and how close that is to the latest choice. */
    final PointQuery chosen;
    int[] leftIds;
    float[] leftScores;
    float[] between;

    private long[] keys;

    BuildScratch(int count, int dimension, int candidatesMax, int m) {
        walk = new Scratch(count, dimension, 2 * m);
        batchIds = new int[candidatesMax];
        batchScores = new float[candidatesMax];
        chosen = new PointQuery(dimension);
        ids = new int[candidatesMax];
        scores = new float[candidatesMax];
        leftIds = new int[candidatesMax];
        leftScores = new float[candidatesMax];
        between = new float[candidatesMax];
        keys = new long[candidatesMax];
    }

    /** Makes room for a list of {@code n} rows. */
    void reserve(int n) {
        if (ids.length < n) {
            int capacity = 2 * n;
            ids = Arrays.copyOf(ids, capacity);
            scores = Arrays.copyOf(scores, capacity);
            leftIds = Arrays.copyOf(leftIds, capacity);
            leftScores = Arrays.copyOf(leftScores, capacity);
            between = Arrays.copyOf(between, capacity);
            keys = Arrays.copyOf(keys, capacity);
        }
    }

    /** Sorts the first {@code n} rows by falling score, ties by ascending ordinal. */
    void sort(int n) {
        for (int i = 0; i < n; i++) {
            keys[i] = Pool.key(ids[i], scores[i]);
        }
        Arrays.sort(keys, 0, n);
        for (int i = 0; i < n; i++) {
            ids[i] = Pool.ordinal(keys[n - 1 - i]);
            scores[i] = Pool.score(keys[n - 1 - i]);
        }
    }
}
