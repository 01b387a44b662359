package repscorer.core.recall;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import repscorer.ann.Neighbors;
import repscorer.ann.OrdinalFilter;
import repscorer.ann.SearchOptions;
import repscorer.ann.SparseSearchOptions;
import repscorer.core.store.SpaceVersion;
import repscorer.os.BackgroundThreads;
import repscorer.vector.SparseVector;

/**
 * Watches what searches find: some are answered again exactly, on a thread that runs where processors are idle and rests nine times
 * as long as it works. A search that comes while others wait for that is not sampled, so busy moments count less. Safe for
 * concurrent use.
 *
 * <p>Cost on a search's thread: a random number and, where one is sampled, a place in a queue. Memory: what up to
 * {@value #WAITING_MAX} requests held, and 32 KiB for each space, release and band of filters.
 */
public final class LiveRecall implements SearchListener, AutoCloseable {

    static final int WAITING_MAX = 4;

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    /** Of rests to work: a tenth of one processor at most. */
    private static final int RESTS = 9;

    /** Scores closer than this, in parts of the greater, are equal: rows that tie are as good as each other. */
    private static final double ROUNDING = 1e-6;

    /** How many releases are told; those whose searches are longest ago are forgotten. */
    private static final int RELEASES_MAX = 8;

    private final RecallOptions options;
    private final Consumer<SpaceRecall> alarms;
    private final int rests;
    private final BlockingQueue<Sample> waiting = new ArrayBlockingQueue<>(WAITING_MAX);
    private final LongAdder sampled = new LongAdder();
    private final LongAdder skipped = new LongAdder();
    private final @Nullable Thread thread;
    private volatile MissListener misses = MissListener.NONE;

    /* Guarded by this. */
    private final Map<Key, Watch> watches = new TreeMap<>();

    private record Key(String space, FilterBand band) implements Comparable<Key> {

        private static final Comparator<Key> ORDER =
                Comparator.comparing(Key::space).thenComparing(Key::band);

        @Override
        public int compareTo(Key other) {
            return ORDER.compare(this, other);
        }
    }

    /** @param exactly the same search by a scan */
    private record Sample(
            Asked asked, SpaceVersion version, OrdinalFilter filter, Neighbors found, Supplier<Neighbors> exactly) {}

    /** @param alarms told when one is raised, by the watching thread */
    public LiveRecall(RecallOptions options, Consumer<SpaceRecall> alarms) {
        this(options, alarms, RESTS);
    }

    LiveRecall(RecallOptions options, Consumer<SpaceRecall> alarms, int rests) {
        this.options = options;
        this.alarms = alarms;
        this.rests = rests;
        this.thread = options.share() == 0
                ? null
                : BackgroundThreads.named("live-recall").newThread(this::watch);
        if (thread != null) {
            thread.start();
        }
    }

    /** Has one told, in place of the one before, of each search that is answered again from now on. */
    public void tell(MissListener listener) {
        misses = listener;
    }

    @Override
    public void searched(Asked asked, SpaceVersion version, float[] query, SearchOptions searched, Neighbors found) {
        if (!searched.exact() && isSampled()) {
            offer(new Sample(
                    asked,
                    version,
                    searched.filter(),
                    found,
                    () -> version.dense()
                            .orElseThrow()
                            .search(query, searched.exactly().withDeadline(SearchOptions.NO_DEADLINE))));
        }
    }

    @Override
    public void searched(
            Asked asked, SpaceVersion version, SparseVector query, SparseSearchOptions searched, Neighbors found) {
        // The released algorithm ranks by what was met in the strongest clusters: another question, not a worse answer.
        if (searched.mode() == SparseSearchOptions.Mode.RESCORED && isSampled()) {
            offer(new Sample(
                    asked,
                    version,
                    searched.filter(),
                    found,
                    () -> version.sparse()
                            .orElseThrow()
                            .search(
                                    query,
                                    searched.withMode(SparseSearchOptions.Mode.EXACT)
                                            .withDeadline(SearchOptions.NO_DEADLINE))));
        }
    }

    /** Whether one is drawn and there is room for it, before anything is made of it. */
    private boolean isSampled() {
        if (options.share() == 0 || ThreadLocalRandom.current().nextDouble() >= options.share()) {
            return false;
        }
        boolean hasRoom = waiting.remainingCapacity() > 0;
        if (!hasRoom) {
            skipped.increment();
        }
        return hasRoom;
    }

    private void offer(Sample sample) {
        if (!waiting.offer(sample)) {
            skipped.increment();
        }
    }

    private void watch() {
        try {
            while (true) {
                Sample sample = waiting.take();
                long begun = THREADS.getCurrentThreadCpuTime();
                take(sample);
                // By the processor's time: one who waits for it long enough has rested.
                LockSupport.parkNanos(rests * (THREADS.getCurrentThreadCpuTime() - begun));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closed
        }
    }

    private void take(Sample sample) {
        Neighbors best = sample.exactly().get();
        if (best.size() == 0) {
            return;
        }
        int rows = sample.version().ordinalsEnd();
        Key key = new Key(
                sample.version().space().name(), FilterBand.of(sample.filter().accepted(rows), rows));
        double recall = (double) hits(sample.found(), best) / best.size();
        add(key, sample.asked().release(), recall);
        misses.missed(sample.asked(), 1 - recall);
    }

    /** How many were found that score as well as the last of the best. */
    private static int hits(Neighbors found, Neighbors best) {
        double last = best.scores()[best.size() - 1];
        double least = last - ROUNDING * Math.abs(last);
        int hits = 0;
        while (hits < Math.min(found.size(), best.size()) && found.scores()[hits] >= least) {
            hits++;
        }
        return hits;
    }

    private void add(Key key, String release, double recall) {
        SpaceRecall raised;
        synchronized (this) {
            raised = watches.computeIfAbsent(key, of -> new Watch(of.space(), of.band(), options, RELEASES_MAX))
                    .add(release, recall);
        }
        sampled.increment();
        if (raised != null) {
            alarms.accept(raised);
        }
    }

    /** What is known now, in the order of spaces, bands and, the latest last, releases. */
    public synchronized List<SpaceRecall> all() {
        return watches.values().stream().flatMap(watch -> watch.all().stream()).toList();
    }

    /** How many searches were answered again. */
    public long sampled() {
        return sampled.sum();
    }

    /** How many were not, because others waited. */
    public long skipped() {
        return skipped.sum();
    }

    @Override
    public void close() {
        if (thread != null) {
            thread.interrupt();
        }
    }
}
