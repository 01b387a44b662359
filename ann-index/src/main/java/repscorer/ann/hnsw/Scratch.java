package repscorer.ann.hnsw;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import repscorer.ann.TopK;
import repscorer.os.OffHeap;

/** What one walk writes to: borrowed, used by one thread, returned. Grows to the longest lists met and then no more. */
final class Scratch {

    final PointQuery query;
    final TopK best = new TopK(1);
    final Pool pool = new Pool();
    final Walk.End end = new Walk.End();

    /** Rows gathered for scoring, and their scores. */
    int[] ids;

    float[] scores;

    /** Rows gathered while those before are scored. */
    final int[] ahead;

    /** How many rows were compared with the query, and how many had their links followed, since the two were set to 0. */
    long compared;

    long followed;

    /** How many of the best rows met were looked at for the answer, accepted or not. */
    int places;

    /** By row: the number of the walk that met it last. */
    private final MemorySegment marks;

    /** Where a filtered walk starts. */
    final int[] starts = new int[32];

    private byte walk;
    private int[] refused = new int[0];

    Scratch(int capacity, int dimension, int m) {
        query = new PointQuery(dimension);
        marks = OffHeap.allocate(capacity, Arena.ofAuto());
        ids = new int[4 * m];
        scores = new float[4 * m];
        ahead = new int[4 * m];
    }

    /** Makes room for {@code n} gathered rows. */
    void reserve(int n) {
        if (ids.length < n) {
            ids = Arrays.copyOf(ids, n);
            scores = Arrays.copyOf(scores, n);
        }
    }

    /** Room for the rows of a list that a filter refused. */
    int[] refused(int places) {
        if (refused.length < places) {
            refused = new int[places];
        }
        return refused;
    }

    /** Copies a list to the front of {@code into} and answers its length. */
    int copyList(MemorySegment lists, long from, int places, int[] into) {
        int n = 0;
        for (int row; n < places && (row = lists.get(Graph.INT, from + 4L * n)) >= 0; n++) {
            into[n] = row;
        }
        return n;
    }

    /** Begins a walk: no row has been met. O(1), but one pass over the marks every 255 walks. */
    void forgetMet() {
        if (++walk == 0) {
            marks.fill((byte) 0);
            walk = 1;
        }
    }

    /** Marks one row as met and answers whether it had not been. */
    boolean meet(int row) {
        boolean first = marks.get(ValueLayout.JAVA_BYTE, row) != walk;
        marks.set(ValueLayout.JAVA_BYTE, row, walk);
        return first;
    }

    /** Collects the rows of a list that were not met yet, marks them and answers how many there are. */
    int gather(MemorySegment lists, long from, int places, int[] into) {
        MemorySegment met = marks;
        byte now = walk;
        int n = 0;
        for (int i = 0; i < places; i++) {
            int row = lists.get(Graph.INT, from + 4L * i);
            if (row < 0) {
                break;
            }
            into[n] = row;
            n += met.get(ValueLayout.JAVA_BYTE, row) == now ? 0 : 1;
            met.set(ValueLayout.JAVA_BYTE, row, now);
        }
        return n;
    }
}
