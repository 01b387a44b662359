package repscorer.ann.hnsw;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import repscorer.ann.OrdinalFilter;
import repscorer.os.OffHeap;
import repscorer.vector.DenseRows;

/**
 * The float32 rows of an index that changes, with room for more, and which of them may be answered. One thread writes; a row
 * is written only while no search can see it.
 */
final class MutableRows implements OrdinalFilter {

    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final MemorySegment values;
    private final MemorySegment norms;
    private final MemorySegment live;
    private final DenseRows rows;
    private volatile int liveCount;

    private MutableRows(int capacity, int dimension, Arena arena) {
        this.values = OffHeap.allocate(4L * dimension * capacity, arena);
        this.norms = OffHeap.allocate(4L * capacity, arena);
        this.live = OffHeap.allocate(capacity, arena);
        this.rows = DenseRows.of(values, norms, capacity, dimension);
    }

    static MutableRows empty(int capacity, int dimension, Arena arena) {
        return new MutableRows(capacity, dimension, arena);
    }

    /** The same rows with room for more. */
    MutableRows grown(int capacity, Arena arena) {
        MutableRows more = new MutableRows(capacity, rows.dimension(), arena);
        MemorySegment.copy(values, 0, more.values, 0, values.byteSize());
        MemorySegment.copy(norms, 0, more.norms, 0, norms.byteSize());
        MemorySegment.copy(live, 0, more.live, 0, live.byteSize());
        more.liveCount = liveCount;
        return more;
    }

    int capacity() {
        return rows.count();
    }

    /** A view that shows what is written later. */
    DenseRows view() {
        return rows;
    }

    void set(int slot, float[] vector, float norm) {
        MemorySegment.copy(vector, 0, values, FLOAT, 4L * rows.dimension() * slot, vector.length);
        norms.set(FLOAT, 4L * slot, norm);
    }

    /** Lets a row be answered from now on. */
    void show(int slot) {
        live.set(ValueLayout.JAVA_BYTE, slot, (byte) 1);
        liveCount++;
    }

    /** Lets a row be answered no more. */
    void hide(int slot) {
        live.set(ValueLayout.JAVA_BYTE, slot, (byte) 0);
        liveCount--;
    }

    int liveCount() {
        return liveCount;
    }

    @Override
    public boolean accepts(int slot) {
        return live.get(ValueLayout.JAVA_BYTE, slot) != 0;
    }

    @Override
    public int accepted(int count) {
        return liveCount;
    }

    /** Those of a filter's rows that may be answered; how many there are is known as an upper bound. */
    @Override
    public OrdinalFilter and(OrdinalFilter asked) {
        return asked.equals(OrdinalFilter.ALL) ? this : new Both(this, asked);
    }

    private record Both(MutableRows live, OrdinalFilter asked) implements OrdinalFilter {

        @Override
        public boolean accepts(int slot) {
            return live.accepts(slot) && asked.accepts(slot);
        }

        @Override
        public int accepted(int count) {
            return Math.min(live.liveCount(), asked.accepted(count));
        }

        @Override
        public int next(int from, int count) {
            int at = asked.next(from, count);
            while (at < count && !live.accepts(at)) {
                at = asked.next(at + 1, count);
            }
            return at;
        }
    }
}
