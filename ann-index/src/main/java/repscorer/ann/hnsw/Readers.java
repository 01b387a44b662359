package repscorer.ann.hnsw;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Tells a writer when no search is left that may still look at what was unlinked: searches sign in and out, and what is
 * unlinked gets a date. Signing in is a read and a compare-and-set, and waits for nobody while fewer than {@link #PLACES}
 * searches run. Safe for concurrent use.
 */
final class Readers {

    /*
     * A search signs in before it reads anything of the graph. If it did so before the writer looked, the writer sees it, with
     * a date no later than that of what was unlinked, and waits; if after, then it came after the unlinking too (both are
     * volatile accesses) and can no longer get there.
     */

    private static final int PLACES = 512;

    /** One place a cache line. */
    private static final int STRIDE = 8;

    private final int count;
    private final AtomicLongArray places;
    private final AtomicLong date = new AtomicLong(1);

    Readers() {
        this(PLACES);
    }

    /** @param count how many sign in without waiting, a power of two */
    Readers(int count) {
        this.count = count;
        this.places = new AtomicLongArray(count * STRIDE);
    }

    /** Signs in; the answer is needed to sign out. */
    int enter() {
        int from = (int) Thread.currentThread().threadId() & (count - 1);
        while (true) {
            for (int i = 0; i < count; i++) {
                int place = ((from + i) & (count - 1)) * STRIDE;
                if (places.getPlain(place) == 0 && places.compareAndSet(place, 0, date.get())) {
                    return place;
                }
            }
            Thread.yield();
        }
    }

    void leave(int place) {
        places.set(place, 0);
    }

    /** The date of what has just been unlinked. */
    long retire() {
        return date.getAndIncrement();
    }

    /** What was retired before this date is out of every search's sight. */
    long oldest() {
        long oldest = date.get();
        for (int place = 0; place < count * STRIDE; place += STRIDE) {
            long entered = places.get(place);
            if (entered != 0) {
                oldest = Math.min(oldest, entered);
            }
        }
        return oldest;
    }
}
