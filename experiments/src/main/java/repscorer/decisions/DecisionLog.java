package repscorer.decisions;

import static java.lang.System.Logger.Level.WARNING;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import repscorer.decisions.LogFile.Kind;

/**
 * Keeps decisions without anybody waiting for it: who offers one leaves it in a queue, and a thread of the log's own makes lines of
 * them. Where the queue holds as many bytes as it may, for the disk is slower than the answers come or does not answer at all, decisions
 * are dropped and counted. Safe for concurrent use.
 */
public final class DecisionLog implements AutoCloseable {

    /*
     * The thread looks at the queue at fixed times and is never woken: waking it would cost each request more than all else here. What
     * a process that dies loses is what came since the last look, and a block that was not full; the device may lose more, for the
     * files are synced as they end and not before.
     */

    private static final System.Logger LOG = System.getLogger(DecisionLog.class.getName());

    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long BLOCK_NANOS_MAX = TimeUnit.SECONDS.toNanos(1);
    private static final int BLOCK_BYTES_MAX = 1 << 18;
    private static final Duration CLOSE_MAX = Duration.ofSeconds(10);

    /** Of each file of decisions; callers whose overrides differ with every request fill no disk with plans. */
    private static final int PLANS_MAX = 1_000;

    /** After a failure so long passes before the disk is tried again. */
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final LogDirectory directory;
    private final LogWriter writer;
    private final List<DecisionSink> sinks;
    private final long queueBytesMax;
    private final Queue<Waiting> queue = new ConcurrentLinkedQueue<>();
    private final AtomicLong queued = new AtomicLong();
    private final LongAdder kept = new LongAdder();
    private final LongAdder crowdedOut = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder bytes = new LongAdder();
    private final Thread thread;
    private volatile boolean closing;

    /* The thread's own. */
    private DecisionEncoder block = new DecisionEncoder();
    private int lines;
    private long blockSince;
    private long pausedUntil = System.nanoTime();
    private @Nullable Instant plansOf;
    private final Set<String> plansKept = new HashSet<>();

    /** A decision that is still to be made, with the text of the plan it names. Made on the log's thread. */
    @FunctionalInterface
    public interface Draft {
        Made make();
    }

    /**
     * A decision with its plan.
     *
     * @param planText of which {@link Decision#plan} is the SHA-256; not to be changed
     */
    @SuppressWarnings("ArrayRecordComponent") // a carrier, never compared
    public record Made(Kept kept, byte[] planText) {}

    /**
     * What became of decisions since the start.
     *
     * @param written lines that are in files
     * @param crowdedOut dropped because the queue was full
     * @param failed dropped because they could not be made or written
     * @param bytes of files written, packed
     * @param queuedBytes that wait now, estimated
     */
    public record Counts(long written, long crowdedOut, long failed, long bytes, long queuedBytes) {}

    private record Waiting(
            long bytes, @Nullable Draft draft, @Nullable CountDownLatch reached, boolean ends) {}

    /**
     * Begins.
     *
     * @param directory closed by whoever opened it, after this
     * @param queueBytesMax what decisions may take that wait, in bytes, as those who offer them estimate
     * @param sinks that get every decision too; closed with this
     */
    public DecisionLog(LogDirectory directory, long queueBytesMax, List<DecisionSink> sinks) {
        this.directory = directory;
        this.queueBytesMax = queueBytesMax;
        this.sinks = List.copyOf(sinks);
        this.writer = new LogWriter(directory, Kind.DECISIONS);
        this.thread = Thread.ofPlatform().name("decision-log").daemon().start(this::run);
    }

    public Path path() {
        return directory.path();
    }

    /**
     * Leaves a decision to be written. O(1), without waiting.
     *
     * @param estimate of the bytes it holds until then
     * @return false where it was dropped
     */
    public boolean offer(long estimate, Draft draft) {
        if (closing) {
            crowdedOut.increment();
            return false;
        }
        if (queued.addAndGet(estimate) > queueBytesMax) {
            queued.addAndGet(-estimate);
            crowdedOut.increment();
            return false;
        }
        queue.add(new Waiting(estimate, draft, null, false));
        return true;
    }

    public Counts counts() {
        return new Counts(kept.sum(), crowdedOut.sum(), failed.sum(), bytes.sum(), Math.max(0, queued.get()));
    }

    /**
     * Waits until all that was offered before is in a file, or could not be written.
     *
     * @return false where that took longer
     */
    public boolean flush(Duration timeMax) {
        return reach(timeMax, false);
    }

    /** The same, and the file that they are in is ended: what comes goes into another. */
    boolean endFile() {
        return reach(CLOSE_MAX, true);
    }

    private boolean reach(Duration timeMax, boolean ends) {
        CountDownLatch reached = new CountDownLatch(1);
        queue.add(new Waiting(0, null, reached, ends));
        LockSupport.unpark(thread);
        try {
            return reached.await(timeMax.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void run() {
        while (true) {
            boolean last = closing;
            for (Waiting next = queue.poll(); next != null; next = queue.poll()) {
                take(next);
            }
            if (block.length() > 0 && (last || System.nanoTime() - blockSince >= BLOCK_NANOS_MAX)) {
                writeBlock();
            }
            if (last) {
                return;
            }
            LockSupport.parkNanos(this, LOOK_NANOS);
        }
    }

    private void take(Waiting next) {
        if (next.draft == null) {
            writeBlock();
            if (next.ends) {
                writer.endFile();
            }
            if (next.reached != null) {
                next.reached.countDown();
            }
            return;
        }
        try {
            if (System.nanoTime() - pausedUntil < 0) {
                failed.increment();
                return;
            }
            Made made = next.draft.make();
            keepPlan(made);
            add(made.kept());
        } catch (IOException e) {
            failed(1, e);
        } catch (RuntimeException e) {
            failed.increment();
            LOG.log(WARNING, "a decision could not be kept", e);
        } finally {
            queued.addAndGet(-next.bytes);
        }
    }

    /** A file of decisions and its plans go together: each file takes note of a plan once. */
    private void keepPlan(Made made) throws IOException {
        if (!Objects.equals(plansOf, writer.begun()) || (block.length() == 0 && writer.isDue())) {
            plansKept.clear();
            plansOf = writer.begun();
        }
        String digest = made.kept().decision().plan();
        if (plansKept.size() < PLANS_MAX && !plansKept.contains(digest)) {
            directory.plans().keep(digest, made.planText(), directory.time().instant());
            plansKept.add(digest);
        }
    }

    private void add(Kept kept) {
        int begin = block.length();
        if (begin == 0) {
            blockSince = System.nanoTime();
        }
        try {
            block.add(kept);
        } catch (RuntimeException e) {
            block.cut(begin);
            throw e;
        }
        lines++;
        for (DecisionSink sink : sinks) {
            byte[] line = Arrays.copyOfRange(block.bytes(), begin, block.length() - 1);
            sink.put(kept.decision().id(), kept.decision().unit(), line);
        }
        if (block.length() >= BLOCK_BYTES_MAX) {
            writeBlock();
        }
    }

    private void writeBlock() {
        if (block.length() == 0) {
            return;
        }
        try {
            bytes.add(writer.write(block.bytes(), block.length(), false));
            kept.add(lines);
        } catch (IOException e) {
            failed(lines, e);
        }
        lines = 0;
        if (block.length() > 4 * BLOCK_BYTES_MAX) {
            block = new DecisionEncoder(); // a request of that size comes seldom
        }
        block.clear();
    }

    private void failed(int decisions, IOException e) {
        failed.add(decisions);
        pausedUntil = System.nanoTime() + PAUSE_NANOS;
        LOG.log(WARNING, "decisions cannot be written to {0}, {1} are lost: {2}", directory.path(), decisions, e);
    }

    /** The decision of an id, where a file has it. Reads the files of its time, some seconds for large ones. */
    public Optional<Kept> find(String id) throws IOException {
        flush(CLOSE_MAX);
        return Decisions.find(directory.path(), id);
    }

    /** Writes what waits, within some seconds; what a disk does not take by then is lost. */
    @Override
    public void close() throws IOException {
        closing = true;
        LockSupport.unpark(thread);
        boolean ended;
        try {
            ended = thread.join(CLOSE_MAX);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            ended = false;
        }
        sinks.forEach(DecisionSink::close);
        if (ended) {
            writer.close();
        }
    }
}
