package repscorer.ann.hnsw;

import java.util.Arrays;

/** The order in which rows are linked: those that lie near each other one after the other, so that their searches share the caches. */
final class InsertionOrder {

    /*
     * A graph that grew from one corner of the space to the other finds less than one that grew everywhere at once. So only
     * stretches of the given order are sorted, each as long as all rows before it at most: whatever is being linked, half of
     * the graph or more was linked before without regard to where rows lie.
     *
     * Within a stretch rows go by the nearest of some pivots, which are rows of it, and pivots go so that each is followed by
     * the nearest of those left. It costs a percent of linking them and saves a tenth of it or more once the rows outgrow
     * the caches, as searches wait less for memory.
     */

    /** Rows in the first stretch, which stays as it is. */
    static final int FIRST = 1024;

    private static final int STRETCH_MAX = 65_536;

    private static final int PIVOTS = 256;

    private InsertionOrder() {}

    /** Sorts the stretches of the first {@code n} in place; deterministic. O(n · pivots · dimension). */
    static void sort(int[] members, int n, RowScorer scorer, int dimension) {
        PreparedQuery query = new PreparedQuery(dimension);
        int end;
        for (int start = FIRST; start < n; start = end) {
            end = Math.min(n, start + Math.min(start, STRETCH_MAX));
            int[] stretch = Arrays.copyOfRange(members, start, end);
            sortStretch(stretch, scorer, query);
            System.arraycopy(stretch, 0, members, start, stretch.length);
        }
    }

    private static void sortStretch(int[] rows, RowScorer scorer, PreparedQuery query) {
        int[] pivots = chain(scorer, query, pivots(rows));
        float[] best = new float[rows.length];
        Arrays.fill(best, Float.NEGATIVE_INFINITY);
        long[] places = new long[rows.length];
        float[] scores = new float[rows.length];
        for (int pivot = 0; pivot < pivots.length; pivot++) {
            scorer.prepareRow(query, pivots[pivot]);
            scorer.score(query, rows, rows.length, scores);
            moveToNearer(pivot, scores, best, places);
        }
        Arrays.sort(places);
        int[] before = rows.clone();
        Arrays.setAll(rows, i -> before[(int) places[i]]);
    }

    private static void moveToNearer(int pivot, float[] scores, float[] best, long[] places) {
        for (int i = 0; i < scores.length; i++) {
            if (scores[i] > best[i]) {
                best[i] = scores[i];
                places[i] = (long) pivot << 32 | i;
            }
        }
    }

    private static int[] pivots(int[] rows) {
        int n = Math.min(PIVOTS, rows.length);
        int[] pivots = new int[n];
        Arrays.setAll(pivots, i -> rows[(int) ((long) i * rows.length / n)]);
        return pivots;
    }

    private static int greatest(float[] scores, int from) {
        int greatest = from;
        for (int i = from + 1; i < scores.length; i++) {
            greatest = scores[i] > scores[greatest] ? i : greatest;
        }
        return greatest;
    }

    /** Begins with the first; each is followed by the nearest of those left. */
    private static int[] chain(RowScorer scorer, PreparedQuery query, int[] pivots) {
        int[] left = pivots.clone();
        float[] scores = new float[left.length];
        for (int at = 0; at + 1 < left.length; at++) {
            scorer.prepareRow(query, left[at]);
            scorer.score(query, left, left.length, scores);
            int nearest = greatest(scores, at + 1);
            int row = left[nearest];
            left[nearest] = left[at + 1];
            left[at + 1] = row;
        }
        return left;
    }
}
