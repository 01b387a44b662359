package repscorer.parallel;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Tells a writer when no reader is left that may still look at what was unlinked: readers sign in and out, and what is
 * unlinked gets the number of an epoch (after Fraser: Practical lock-freedom, 2004). Signing in is a read and a
 * compare-and-set, and waits for nobody while fewer than {@link #PLACES} readers are signed in. Safe for concurrent use.
 */
public final class Epochs {

    /*
     * A reader signs in before it reads anything. If it did so before the writer looked, the writer sees it, with an epoch no
     * later than that of what was unlinked, and waits; if after, then it came after the unlinking too (both are volatile
     * accesses) and can no longer get there.
     */

    private static final int PLACES = 512;

    /** One place a cache line. */
    private static final int STRIDE = 8;

    private final int count;
    private final AtomicLongArray places;
    private final AtomicLong epoch = new AtomicLong(1);

    public Epochs() {
        this(PLACES);
    }

    /** @param count how many sign in without waiting, a power of two */
    Epochs(int count) {
        this.count = count;
        this.places = new AtomicLongArray(count * STRIDE);
    }

    /** Signs in; the answer is needed to sign out. */
    public int enter() {
        int from = (int) Thread.currentThread().threadId() & (count - 1);
        while (true) {
            for (int i = 0; i < count; i++) {
                int place = ((from + i) & (count - 1)) * STRIDE;
                if (places.getPlain(place) == 0 && places.compareAndSet(place, 0, epoch.get())) {
                    return place;
                }
            }
            Thread.yield();
        }
    }

    /** Signs out. */
    public void leave(int place) {
        places.set(place, 0);
    }

    /** The epoch of what has just been unlinked; the next one begins. */
    public long retire() {
        return epoch.getAndIncrement();
    }

    /** What was retired before this epoch is out of every reader's sight. */
    public long oldest() {
        long oldest = epoch.get();
        for (int place = 0; place < count * STRIDE; place += STRIDE) {
            long entered = places.get(place);
            if (entered != 0) {
                oldest = Math.min(oldest, entered);
            }
        }
        return oldest;
    }
}
