package repscorer.ann.hnsw;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** Keeps scratch objects between searches. Safe for concurrent use, never waits; allocates only when none is at hand. */
final class ScratchPool {

    private final AtomicReferenceArray<@Nullable SearchScratch> kept =
            new AtomicReferenceArray<>(2 * Runtime.getRuntime().availableProcessors());
    private final int capacity;
    private final int dimension;
    private final int m;

    /**
     * @param capacity how many rows a search may meet
     * @param m of the graph
     */
    ScratchPool(int capacity, int dimension, int m) {
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
