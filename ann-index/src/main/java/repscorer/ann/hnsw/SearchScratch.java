package repscorer.ann.hnsw;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;
import repscorer.ann.TopK;
import repscorer.os.OffHeap;

/** What one search writes to: borrowed, used by one thread, returned. Grows to the longest lists met and then no more. */
final class SearchScratch {

    final PreparedQuery query;
    final TopK best = new TopK(1);
    final CandidateList candidates = new CandidateList();
    final BeamSearch.StoppingRule stoppingRule = new BeamSearch.StoppingRule();

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

    /** By row: the mark of the search that visited it last. */
    private final MemorySegment marks;

    /** Where a filtered search starts. */
    final int[] starts = new int[32];

    private byte mark;
    private int[] refused = new int[0];

    SearchScratch(int capacity, int dimension, int m) {
        query = new PreparedQuery(dimension);
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

    /** Begins a search: no row has been visited. O(1), but one pass over the marks every 255 searches. */
    void clearVisited() {
        if (++mark == 0) {
            marks.fill((byte) 0);
            mark = 1;
        }
    }

    /** Marks one row as visited and answers whether it had not been. */
    boolean visit(int row) {
        boolean first = marks.get(ValueLayout.JAVA_BYTE, row) != mark;
        marks.set(ValueLayout.JAVA_BYTE, row, mark);
        return first;
    }

    /** Collects the rows of a list that were not visited yet, marks them and answers how many there are. */
    int gather(MemorySegment lists, long from, int places, int[] into) {
        MemorySegment visited = marks;
        byte now = mark;
        int n = 0;
        for (int i = 0; i < places; i++) {
            int row = lists.get(Graph.INT, from + 4L * i);
            if (row < 0) {
                break;
            }
            into[n] = row;
            n += visited.get(ValueLayout.JAVA_BYTE, row) == now ? 0 : 1;
            visited.set(ValueLayout.JAVA_BYTE, row, now);
        }
        return n;
    }

    /** Keeps scratch objects between searches. Safe for concurrent use, never waits; allocates only when none is at hand. */
    static final class Pool {

        private final AtomicReferenceArray<@Nullable SearchScratch> kept =
                new AtomicReferenceArray<>(2 * Runtime.getRuntime().availableProcessors());
        private final int capacity;
        private final int dimension;
        private final int m;

        /**
         * @param capacity how many rows a search may meet
         * @param m of the graph
         */
        Pool(int capacity, int dimension, int m) {
            this.capacity = capacity;
            this.dimension = dimension;
            this.m = m;
        }

        SearchScratch borrow() {
            for (int i = 0; i < kept.length(); i++) {
                if (kept.getPlain(i) != null) {
                    SearchScratch scratch = kept.getAndSet(i, null);
                    if (scratch != null) {
                        return scratch;
                    }
                }
            }
            return new SearchScratch(capacity, dimension, m);
        }

        /** Takes one back; drops it when as many are kept as threads can make use of. */
        void giveBack(SearchScratch scratch) {
            for (int i = 0; i < kept.length(); i++) {
                if (kept.getPlain(i) == null && kept.compareAndSet(i, null, scratch)) {
                    return;
                }
            }
        }
    }
}
