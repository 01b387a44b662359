package repscorer.vector;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** Tables of zeros that queries lay their weights in: borrowed, and given back as zeros. Safe for concurrent use. */
final class ZeroTables {

    /* A table as long as a space has columns costs more to make than many a query that is laid in it. */

    /** A power of two. A table has at most {@link SparseQuery#TABLE_MAX} floats, so that 64 MiB are kept at the very most. */
    private static final int KEPT = 16;

    private static final AtomicReferenceArray<float @Nullable []> TABLES = new AtomicReferenceArray<>(KEPT);

    private ZeroTables() {}

    /** One of at least so many floats, all 0. */
    static float[] borrow(int least) {
        float[] kept = TABLES.getAndSet(slot(), null);
        return kept != null && kept.length >= least ? kept : new float[least];
    }

    /** @param zeros whose floats are 0 again */
    static void giveBack(float[] zeros) {
        TABLES.set(slot(), zeros);
    }

    private static int slot() {
        return (int) Thread.currentThread().threadId() & KEPT - 1;
    }
}
