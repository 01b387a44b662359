package repscorer.ann.hnsw;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import repscorer.os.OffHeap;
import repscorer.vector.DenseRows;

/** Finds the row that equals another, value by value: open addressing over ordinals, 8 to 16 bytes a row off the heap. One thread. */
final class RowTable {

    private static final long FACTOR = 0x9E3779B97F4A7C15L;

    private static final int CAPACITY_MIN = 1024;
    private static final int CAPACITY_MAX = 1 << 30;

    private final float[] row;
    private final float[] other;

    /** 1 + an ordinal, or 0; a power of two of places, half of which are empty or more. */
    private MemorySegment places;

    private int mask;
    private int size;

    /** @param expected so many rows take no growing */
    RowTable(int expected, int dimension) {
        row = new float[dimension];
        other = new float[dimension];
        allocate((int) Math.clamp(4L * Integer.highestOneBit(expected), CAPACITY_MIN, CAPACITY_MAX));
    }

    private void allocate(int capacity) {
        places = OffHeap.allocate(4L * capacity, Arena.ofAuto());
        mask = capacity - 1;
    }

    /** The row before that equals this one; {@link Graph#NONE} where there is none, and then this one is kept. */
    int findOrAdd(DenseRows rows, int ordinal) {
        if (2L * (size + 1) > mask + 1L) {
            grow(rows);
        }
        rows.copyRow(ordinal, row);
        int at = hash(row) & mask;
        for (int kept; (kept = kept(at)) >= 0; at = (at + 1) & mask) {
            rows.copyRow(kept, other);
            if (areEqual()) {
                return kept;
            }
        }
        places.set(Graph.INT, 4L * at, 1 + ordinal);
        size++;
        return Graph.NONE;
    }

    private int kept(int place) {
        return places.get(Graph.INT, 4L * place) - 1;
    }

    private boolean areEqual() {
        for (int j = 0; j < row.length; j++) {
            if (row[j] != other[j]) {
                return false;
            }
        }
        return true;
    }

    private void grow(DenseRows rows) {
        int[] kept = new int[size];
        int n = 0;
        for (int at = 0; at <= mask; at++) {
            if (kept(at) >= 0) {
                kept[n++] = kept(at);
            }
        }
        allocate(2 * (mask + 1));
        for (int ordinal : kept) {
            rows.copyRow(ordinal, row);
            int at = hash(row) & mask;
            while (kept(at) >= 0) {
                at = (at + 1) & mask;
            }
            places.set(Graph.INT, 4L * at, 1 + ordinal);
        }
    }

    private static int hash(float[] values) {
        long hash = 0;
        for (float value : values) {
            hash = (hash ^ Float.floatToRawIntBits(value + 0f)) * FACTOR; // -0 becomes 0: the two are equal
            hash ^= hash >>> 29;
        }
        return (int) (hash ^ hash >>> 32);
    }
}
