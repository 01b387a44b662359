package repscorer.benchmarks.proof;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import repscorer.ann.DenseIndex;
import repscorer.ann.SearchOptions;
import repscorer.core.store.RepresentationStore;

/**
 * Searches of a store's live release that arrive at random moments whether or not earlier ones were answered, so that a delay
 * is felt by all that come behind it. A latency runs from the moment a search was due.
 */
public final class SearchLoad implements AutoCloseable {

    public static final SearchOptions OPTIONS = SearchOptions.of(10);

    private static final int SAMPLES_MAX = 1 << 22;

    private final Supplier<DenseIndex> index;
    private final float[][] queries;
    private final Thread[] threads;
    private final long[][] dueNanos;
    private final long[][] latencyNanos;
    private final int[] counts; // each written by its thread
    private volatile boolean ended;

    /** @param perSecond over all threads */
    public SearchLoad(Supplier<DenseIndex> index, float[][] queries, int threads, double perSecond) {
        this.index = index;
        this.queries = queries;
        this.threads = new Thread[threads];
        this.dueNanos = new long[threads][SAMPLES_MAX];
        this.latencyNanos = new long[threads][SAMPLES_MAX];
        this.counts = new int[threads];
        for (int t = 0; t < threads; t++) {
            int number = t;
            this.threads[t] = Thread.ofPlatform()
                    .daemon()
                    .name("search-load-" + t)
                    .start(() -> run(number, perSecond / this.threads.length));
        }
    }

    public static Supplier<DenseIndex> live(RepresentationStore store, String space) {
        return () -> store.current().space(space).orElseThrow().dense().orElseThrow();
    }

    /** Searches a second that one thread answers when it never waits, over so many seconds. */
    public static double saturation(Supplier<DenseIndex> index, float[][] queries, double seconds) {
        long start = System.nanoTime();
        long end = start + (long) (seconds * 1e9);
        int done = 0;
        while (System.nanoTime() < end) {
            index.get().search(queries[done++ % queries.length], OPTIONS);
        }
        return done / ((System.nanoTime() - start) / 1e9);
    }

    private void run(int number, double perSecond) {
        SplittableRandom random = new SplittableRandom(number);
        long due = System.nanoTime();
        for (int i = 0; !ended && i < SAMPLES_MAX; i++) {
            due += (long) (-Math.log(1 - random.nextDouble()) / perSecond * 1e9);
            for (long wait = due - System.nanoTime(); wait > 0; wait = due - System.nanoTime()) {
                LockSupport.parkNanos(wait);
            }
            index.get().search(queries[random.nextInt(queries.length)], OPTIONS);
            dueNanos[number][i] = due;
            latencyNanos[number][i] = System.nanoTime() - due;
            counts[number] = i + 1;
        }
    }

    /** Ends the load; from then on latencies can be read. */
    @Override
    public void close() throws InterruptedException {
        ended = true;
        for (Thread thread : threads) {
            thread.join();
        }
    }

    /** The latency that 99 % of the searches due between two moments kept, in milliseconds. */
    public double p99Millis(long fromNanos, long toNanos) {
        long[] within = new long[Arrays.stream(counts).sum()];
        int n = 0;
        for (int t = 0; t < threads.length; t++) {
            for (int i = 0; i < counts[t]; i++) {
                if (dueNanos[t][i] - fromNanos >= 0 && dueNanos[t][i] - toNanos < 0) {
                    within[n++] = latencyNanos[t][i];
                }
            }
        }
        if (n == 0) {
            throw new IllegalStateException("no search was due then");
        }
        Arrays.sort(within, 0, n);
        return within[Math.min(n - 1, (int) (0.99 * n))] / 1e6;
    }
}
