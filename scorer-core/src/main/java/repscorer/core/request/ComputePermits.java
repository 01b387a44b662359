package repscorer.core.request;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import repscorer.core.failure.ScorerException.Overloaded;

/**
 * As many permits as searches compute at once; who gets none in time is refused. First come, first served. Safe for
 * concurrent use.
 */
public final class ComputePermits {

    private static final Duration WAIT = Duration.ofSeconds(1);

    private final Semaphore permits;
    private final int count;

    public ComputePermits(int count) {
        this.permits = new Semaphore(count, true);
        this.count = count;
    }

    /**
     * Computes with a permit, on the caller's thread. Nothing in it should wait for others.
     *
     * @throws repscorer.core.failure.ScorerException.Overloaded where none became free within a second
     */
    public <T> T holding(Supplier<T> computation) {
        try {
            if (!permits.tryAcquire(WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new Overloaded(
                        "too-many-searches",
                        "%s searches compute at once, and none ended within %s".formatted(count, WAIT));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Overloaded("interrupted", "the request was interrupted while it waited for its turn");
        }
        try {
            return computation.get();
        } finally {
            permits.release();
        }
    }
}
