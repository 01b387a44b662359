package repscorer.ann.hnsw;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import repscorer.os.OffHeap;

/**
 * The links of an HNSW graph, off the heap. One thread writes at a time; reading while it does sees lists half old and half
 * new, whose rows are all rows of the graph.
 */
final class Graph {

    /*
     * links holds 2M places a row: the lowest level. A list ends at its first negative place or with its places. Lists of the
     * levels above lie in upper, M places each, a row's own one after the other from its place in upperAt on; a row's level
     * is known from its ordinal, so nothing ever moves. With M = 16 a list of the lowest level is two cache lines.
     *
     * A row's level is drawn from a hash of the seed and its ordinal, so it depends on neither order nor threads, and a row
     * that takes another's place has the same.
     */

    static final int NONE = -1;

    /** In the first place of a row's lowest list: the row is not in the graph. */
    static final int ABSENT = -2;

    static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN);

    static final int LEVEL_MAX = 15;

    final int m;
    final int capacity;
    final long seed;
    final MemorySegment links;
    final MemorySegment upperAt;
    final MemorySegment upper;

    /** The row where searches start in the high half, its level in the low one; both NONE while there is none. */
    private volatile long start = start(NONE, NONE);

    private Graph(int m, int capacity, long seed, MemorySegment links, MemorySegment upperAt, MemorySegment upper) {
        this.m = m;
        this.capacity = capacity;
        this.seed = seed;
        this.links = links;
        this.upperAt = upperAt;
        this.upper = upper;
    }

    /** A graph without rows, with room for {@code capacity}. */
    static Graph empty(int m, int capacity, long seed, Arena arena) {
        MemorySegment upperAt = OffHeap.allocate(4L * capacity, arena);
        long places = 0;
        for (int row = 0; row < capacity; row++) {
            upperAt.set(INT, 4L * row, Math.toIntExact(places));
            places += (long) level(seed, row, m) * m;
        }
        Graph graph = new Graph(
                m,
                capacity,
                seed,
                OffHeap.allocate(linkBytes(capacity, m), arena),
                upperAt,
                OffHeap.allocate(4 * places, arena));
        graph.links.fill((byte) NONE);
        graph.upper.fill((byte) NONE);
        for (int row = 0; row < capacity; row++) {
            graph.remove(row);
        }
        return graph;
    }

    /** A graph over memory that was filled before and is kept alive by the caller. */
    static Graph of(
            int m,
            int capacity,
            long seed,
            MemorySegment links,
            MemorySegment upperAt,
            MemorySegment upper,
            int entry) {
        Graph graph = new Graph(m, capacity, seed, links, upperAt, upper);
        graph.enter(entry);
        return graph;
    }

    /** The same rows and links with room for more. */
    Graph grown(int capacity, Arena arena) {
        Graph graph = empty(m, capacity, seed, arena);
        MemorySegment.copy(links, 0, graph.links, 0, links.byteSize());
        MemorySegment.copy(upper, 0, graph.upper, 0, upper.byteSize());
        graph.start = start;
        return graph;
    }

    static long linkBytes(int capacity, int m) {
        return 8L * m * capacity;
    }

    /** The memory above the lowest level, about: how many rows are drawn into it depends on the seed. */
    static long upperBytes(int capacity, int m) {
        return 4L * capacity + 4L * m * capacity / (m - 1);
    }

    /** The level that a row is drawn into: l or above with a chance of M to the power of -l. */
    static int level(long seed, int ordinal, int m) {
        long hash = mix(mix(seed) + ordinal);
        double chance = ((hash >>> 11) + 1) * 0x1p-53; // above 0, at most 1
        int level = 0;
        for (double at = 1.0 / m; level < LEVEL_MAX && chance <= at; at /= m) {
            level++;
        }
        return level;
    }

    private static long mix(long value) {
        long z = value + 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    int level(int row) {
        return level(seed, row, m);
    }

    /** The row where searches start; {@link #NONE} while there is none. */
    int entry() {
        return (int) (start >> 32);
    }

    /** Entry and its level as of one moment: {@link #entry(long)}, {@link #top(long)}. */
    long start() {
        return start;
    }

    static int entry(long start) {
        return (int) (start >> 32);
    }

    static int top(long start) {
        return (int) start;
    }

    private static long start(int entry, int top) {
        return ((long) entry << 32) | (top & 0xFFFF_FFFFL);
    }

    /** Makes a row the entry; {@link #NONE} for none. */
    void enter(int row) {
        start = row < 0 ? start(NONE, NONE) : start(row, level(row));
    }

    boolean holds(int row) {
        return links.get(INT, from(0, row)) != ABSENT;
    }

    /** Marks a row as one that is not in the graph. */
    void remove(int row) {
        links.set(INT, from(0, row), ABSENT);
    }

    /** The memory that holds a level's lists. */
    MemorySegment lists(int level) {
        return level == 0 ? links : upper;
    }

    /** At which byte of {@link #lists} a row's list starts. */
    long from(int level, int row) {
        return level == 0 ? 8L * m * row : 4L * upperAt.get(INT, 4L * row) + 4L * m * (level - 1);
    }

    /** How many places a list has. */
    int places(int level) {
        return level == 0 ? 2 * m : m;
    }

    /** How many links a list holds. */
    int degree(int level, int row) {
        MemorySegment lists = lists(level);
        long from = from(level, row);
        int places = places(level);
        int degree = 0;
        while (degree < places && lists.get(INT, from + 4L * degree) >= 0) {
            degree++;
        }
        return degree;
    }

    /** The row that one place of a list leads to. */
    int link(int level, int row, int place) {
        return lists(level).get(INT, from(level, row) + 4L * place);
    }

    /** Overwrites one place of a list. */
    void setLink(int level, int row, int place, int to) {
        lists(level).set(INT, from(level, row) + 4L * place, to);
    }

    /** Copies a list to the front of {@code into} and answers its length. */
    int copyList(int level, int row, int[] into) {
        MemorySegment lists = lists(level);
        long from = from(level, row);
        int places = places(level);
        int n = 0;
        for (int to; n < places && (to = lists.get(INT, from + 4L * n)) >= 0; n++) {
            into[n] = to;
        }
        return n;
    }

    /** Writes a list: the first {@code n} of {@code rows}, then nothing. */
    void setList(int level, int row, int[] rows, int n) {
        MemorySegment lists = lists(level);
        long from = from(level, row);
        int places = places(level);
        for (int i = 0; i < places; i++) {
            lists.set(INT, from + 4L * i, i < n ? rows[i] : NONE);
        }
    }
}
