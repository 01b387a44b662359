package repscorer.ann.hnsw;

import java.util.Arrays;
import repscorer.ann.TopK;

/** What one walk writes to: borrowed, used by one thread, returned. Grows to the longest lists met and then no more. */
final class Scratch {

    final PointQuery query;
    final TopK best = new TopK(1);
    final Pool pool = new Pool();

    /** Rows gathered for scoring, and their scores. */
    int[] ids;

    float[] scores;

    /** How many rows were compared with the query since it was set to 0. */
    long compared;

    /** Takes what the touching of rows read, so that the compiler cannot leave it out. */
    int touched;

    /** By row: the number of the walk that met it last. */
    private final byte[] marks;

    private byte walk;

    Scratch(int count, int dimension, int capacity) {
        query = new PointQuery(dimension);
        marks = new byte[count];
        ids = new int[capacity];
        scores = new float[capacity];
    }

    /** Makes room for {@code n} gathered rows. */
    void reserve(int n) {
        if (ids.length < n) {
            ids = Arrays.copyOf(ids, n);
            scores = Arrays.copyOf(scores, n);
        }
    }

    /** Begins a walk: no row has been met. O(1), but one pass over the marks every 255 walks. */
    void forgetMet() {
        if (++walk == 0) {
            Arrays.fill(marks, (byte) 0);
            walk = 1;
        }
    }

    /** Marks one row as met. */
    void meet(int row) {
        marks[row] = walk;
    }

    /** Collects the rows of a list that were not met yet into {@link #ids}, marks them and answers how many there are. */
    int gather(int[] lists, int from, int places) {
        byte[] met = marks;
        byte now = walk;
        int[] into = ids;
        int n = 0;
        for (int i = from, end = from + places; i < end; i++) {
            int row = lists[i];
            if (row < 0) {
                break;
            }
            into[n] = row;
            n += met[row] == now ? 0 : 1;
            met[row] = now;
        }
        return n;
    }
}
