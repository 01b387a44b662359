package repscorer.ann.hnsw;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;
import repscorer.ann.OrdinalFilter;
import repscorer.os.OffHeap;

/**
 * Rows that equal another, which alone is linked: its <em>node</em>. A search that comes to the node answers them all. One thread
 * adds at a time; searches that run meanwhile may or may not see what it adds.
 */
final class Copies {

    /*
     * A graph cannot tell equal rows from each other: their links lead to one another, and few lead away or to all of them. As one
     * node they take one place in lists, one comparison in a search, and no search of their own when they come.
     *
     * A node's copies are chained in the order in which they came, after it. ends holds for a node its last copy, for a copy
     * its node, as a negative number. Both segments are zeros where there is nothing.
     */

    private final int capacity;

    /** By row: 1 + the copy after it. No memory before the first copy comes. */
    private @Nullable MemorySegment next;

    private @Nullable MemorySegment ends;
    private int count;

    Copies(int capacity) {
        this.capacity = capacity;
    }

    /** Rows' nodes by row: the row's own ordinal where it is no copy. */
    static Copies of(int[] nodes) {
        Copies copies = new Copies(nodes.length);
        for (int row = 0; row < nodes.length; row++) {
            if (nodes[row] != row) {
                copies.add(nodes[row], row);
            }
        }
        return copies;
    }

    /** The same with room for more. */
    Copies grown(int capacity) {
        Copies copies = new Copies(capacity);
        if (next != null && ends != null) {
            copies.next = grown(next, capacity);
            copies.ends = grown(ends, capacity);
            copies.count = count;
        }
        return copies;
    }

    private static MemorySegment grown(MemorySegment before, int capacity) {
        MemorySegment segment = OffHeap.allocate(4L * capacity, Arena.ofAuto());
        MemorySegment.copy(before, 0, segment, 0, before.byteSize());
        return segment;
    }

    int count() {
        return count;
    }

    boolean isEmpty() {
        return count == 0;
    }

    /** Adds a row that comes after all others of its node. */
    void add(int node, int row) {
        if (next == null || ends == null) {
            MemorySegment zeros = OffHeap.allocate(4L * capacity, Arena.ofAuto());
            ends = OffHeap.allocate(4L * capacity, Arena.ofAuto());
            VarHandle.releaseFence(); // the zeros come before a search can read them
            next = zeros;
        }
        int end = ends.get(Graph.INT, 4L * node);
        ends.set(Graph.INT, 4L * node, 1 + row);
        ends.set(Graph.INT, 4L * row, -1 - node);
        next.set(Graph.INT, 4L * (end == 0 ? node : end - 1), 1 + row);
        count++;
    }

    /** The copy after a node or another copy of it; {@link Graph#NONE} after the last. */
    int next(int row) {
        return next == null ? Graph.NONE : next.get(Graph.INT, 4L * row) - 1;
    }

    /** The row that stands for this one in the graph: mostly itself. */
    int node(int row) {
        int end = ends == null ? 0 : ends.get(Graph.INT, 4L * row);
        return end < 0 ? -1 - end : row;
    }

    long bytes() {
        return next == null ? 0 : 8L * capacity;
    }

    /** Accepts nodes of which a filter accepts the row or a copy. */
    OrdinalFilter nodes(OrdinalFilter filter) {
        return isEmpty() ? filter : new Nodes(this, filter);
    }

    private record Nodes(Copies copies, OrdinalFilter filter) implements OrdinalFilter {

        @Override
        public boolean accepts(int node) {
            int row = node;
            while (row >= 0 && !filter.accepts(row)) {
                row = copies.next(row);
            }
            return row >= 0;
        }

        @Override
        public int accepted(int count) {
            return filter.accepted(count);
        }

        /** As the filter's: what is accepted may be a copy, whose node it is asked for. */
        @Override
        public int next(int from, int count) {
            return filter.next(from, count);
        }
    }
}
