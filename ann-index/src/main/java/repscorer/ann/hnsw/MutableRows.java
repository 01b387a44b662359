package repscorer.ann.hnsw;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import repscorer.ann.OrdinalFilter;
import repscorer.os.OffHeap;
import repscorer.vector.DenseRows;

/**
 * The float32 rows of an index that grows, with room for more; as a filter, those that may be answered. One thread writes; a row
 * is written before any search can see it.
 */
final class MutableRows implements OrdinalFilter {

    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final MemorySegment values;
    private final MemorySegment norms;
    private final DenseRows rows;
    private volatile int shown;

    private MutableRows(int capacity, int dimension, Arena arena) {
        this.values = OffHeap.allocate(4L * dimension * capacity, arena);
        this.norms = OffHeap.allocate(4L * capacity, arena);
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
        more.shown = shown;
        return more;
    }

    int capacity() {
        return rows.count();
    }

    /** A view that shows what is written later. */
    DenseRows view() {
        return rows;
    }

    void set(int row, float[] vector, float norm) {
        MemorySegment.copy(vector, 0, values, FLOAT, 4L * rows.dimension() * row, vector.length);
        norms.set(FLOAT, 4L * row, norm);
    }

    /** How many rows may be answered: those below. */
    int shown() {
        return shown;
    }

    /** Lets the rows below {@code count}, and all that was written with them, be answered from now on. */
    void show(int count) {
        shown = count;
    }

    @Override
    public boolean accepts(int row) {
        return row < shown;
    }

    @Override
    public int accepted(int count) {
        return shown;
    }

    @Override
    public int next(int from, int count) {
        return from < shown ? from : count;
    }

    /** Those of a filter's rows that may be answered; how many there are is known as an upper bound. */
    @Override
    public OrdinalFilter and(OrdinalFilter asked) {
        return asked.equals(OrdinalFilter.ALL) ? this : new Both(this, asked);
    }

    private record Both(MutableRows rows, OrdinalFilter asked) implements OrdinalFilter {

        @Override
        public boolean accepts(int row) {
            return rows.accepts(row) && asked.accepts(row);
        }

        @Override
        public int accepted(int count) {
            return Math.min(rows.shown(), asked.accepted(count));
        }

        @Override
        public int next(int from, int count) {
            int at = asked.next(from, count);
            return at < rows.shown() ? at : count;
        }
    }
}
