package repscorer.ann;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import repscorer.parallel.Workers;

/**
 * The threads that build an index.
 *
 * @param executor with at least one thread that is not the caller's
 * @param count how many of its threads work at a time
 * @param rest how long each rests after half a millisecond of work, in proportion to that; 0 for never. Searches beside a build
 *     find their processor free, and more of their graph in its caches
 */
public record BuildThreads(ExecutorService executor, int count, double rest) {

    public BuildThreads {
        if (count < 1) {
            throw new IllegalArgumentException("threads must be at least 1: " + count);
        }
        if (!(rest >= 0 && rest <= 100)) {
            throw new IllegalArgumentException("rest must be from 0 to 100: " + rest);
        }
    }

    /** Threads that never rest. */
    public static BuildThreads of(ExecutorService executor, int count) {
        return new BuildThreads(executor, count, 0);
    }

    /**
     * These threads at work.
     *
     * @throws RejectedExecutionException when the executor is shut down
     */
    public Workers workers() {
        return Workers.of(executor, count, rest);
    }
}
