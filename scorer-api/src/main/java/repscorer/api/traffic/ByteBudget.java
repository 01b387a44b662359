package repscorer.api.traffic;

import java.util.concurrent.atomic.AtomicLong;
import repscorer.core.failure.ScorerException.Overloaded;

/** The memory that requests and answers hold together. Safe for concurrent use. */
final class ByteBudget {

    /** What every request has, whatever others hold. */
    static final int OWN_BYTES = 1 << 16;

    private final long bytesMax;
    private final AtomicLong held = new AtomicLong();

    ByteBudget(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    Share share() {
        return new Share();
    }

    /** Bytes that are held now, beyond what every request has. */
    long held() {
        return held.get();
    }

    /** What one request holds. For one thread at a time. */
    final class Share implements AutoCloseable {

        private long bytes;
        private long charged;

        /**
         * Takes more.
         *
         * @throws repscorer.core.failure.ScorerException.Overloaded where all together would hold too much
         */
        void take(long more) {
            bytes += more;
            long charge = Math.max(0, bytes - OWN_BYTES) - charged;
            if (charge > 0) {
                if (held.addAndGet(charge) > bytesMax) {
                    held.addAndGet(-charge);
                    throw new Overloaded(
                            "too-many-bytes",
                            "requests and answers hold %s bytes at once at most, and this one would be too much"
                                    .formatted(bytesMax));
                }
                charged += charge;
            }
        }

        @Override
        public void close() {
            held.addAndGet(-charged);
            charged = 0;
        }
    }
}
