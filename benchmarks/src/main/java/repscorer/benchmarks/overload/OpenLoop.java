package repscorer.benchmarks.overload;

import java.util.Arrays;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/**
 * Calls that come at random moments whether or not earlier ones were answered, as many people's do. A latency runs from the
 * moment a call was due.
 */
public final class OpenLoop {

    private OpenLoop() {}

    /**
     * What became of a number of calls.
     *
     * @param seconds over which they were due
     * @param statuses of each call
     * @param nanos how long each took
     */
    @SuppressWarnings("ArrayRecordComponent") // read once, compared never
    public record Outcome(double seconds, int[] statuses, long[] nanos) {

        public int count(int status) {
            return (int) Arrays.stream(statuses).filter(each -> each == status).count();
        }

        public int calls() {
            return statuses.length;
        }

        /** The time that a share of the calls with a status kept, in milliseconds; 0 without any. */
        public double millis(int status, double share) {
            long[] sorted = IntStream.range(0, statuses.length)
                    .filter(i -> statuses[i] == status)
                    .mapToLong(i -> nanos[i])
                    .sorted()
                    .toArray();
            return sorted.length == 0 ? 0 : sorted[Math.min(sorted.length - 1, (int) (share * sorted.length))] / 1e6;
        }
    }

    /** One call. */
    @FunctionalInterface
    public interface Call {
        /** @return the status of its answer */
        int make(int number);
    }

    /** Makes calls for some seconds, so many a second. */
    public static Outcome run(double perSecond, double seconds, long seed, Call call) throws InterruptedException {
        SplittableRandom random = new SplittableRandom(seed);
        double[] due = new double[(int) (2 * perSecond * seconds) + 1_000];
        int count = 0;
        for (double at = gap(random, perSecond); at < seconds; at += gap(random, perSecond)) {
            due[count++] = at;
        }
        AtomicIntegerArray statuses = new AtomicIntegerArray(count);
        AtomicLongArray nanos = new AtomicLongArray(count);
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            long begun = System.nanoTime();
            for (int i = 0; i < count; i++) {
                int number = i;
                long dueNanos = begun + (long) (due[i] * 1e9);
                for (long wait = dueNanos - System.nanoTime(); wait > 0; wait = dueNanos - System.nanoTime()) {
                    LockSupport.parkNanos(wait);
                }
                callers.execute(() -> {
                    statuses.set(number, call.make(number));
                    nanos.set(number, System.nanoTime() - dueNanos);
                });
            }
        }
        return outcome(seconds, statuses, nanos);
    }

    private static double gap(SplittableRandom random, double perSecond) {
        return -Math.log(1 - random.nextDouble()) / perSecond;
    }

    /** Makes as many calls at the same moment. */
    public static Outcome atOnce(int count, Call call) {
        AtomicIntegerArray statuses = new AtomicIntegerArray(count);
        AtomicLongArray nanos = new AtomicLongArray(count);
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < count; i++) {
                int number = i;
                callers.execute(() -> {
                    long begun = System.nanoTime();
                    statuses.set(number, call.make(number));
                    nanos.set(number, System.nanoTime() - begun);
                });
            }
        }
        return outcome(0, statuses, nanos);
    }

    /** Makes calls for some seconds, so many at once: each caller asks again as soon as it was answered. */
    public static Outcome closed(int callers, double seconds, Call call) {
        long end = System.nanoTime() + (long) (seconds * 1e9);
        AtomicInteger next = new AtomicInteger();
        Queue<long[]> made = new ConcurrentLinkedQueue<>(); // status and time of each
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < callers; i++) {
                threads.execute(() -> {
                    for (long begun = System.nanoTime(); begun < end; begun = System.nanoTime()) {
                        int status = call.make(next.getAndIncrement());
                        made.add(new long[] {status, System.nanoTime() - begun});
                    }
                });
            }
        }
        return new Outcome(
                seconds,
                made.stream().mapToInt(each -> (int) each[0]).toArray(),
                made.stream().mapToLong(each -> each[1]).toArray());
    }

    private static Outcome outcome(double seconds, AtomicIntegerArray statuses, AtomicLongArray nanos) {
        return new Outcome(
                seconds,
                IntStream.range(0, statuses.length()).map(statuses::get).toArray(),
                IntStream.range(0, nanos.length()).mapToLong(nanos::get).toArray());
    }
}
