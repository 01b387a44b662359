package repscorer.api.observe;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The processor's time that each stage of one request took of the thread that computes it; none where that is a virtual one, whose time
 * nobody counts. What other threads did for it is not in it. For one thread.
 */
public final class StageCpu implements AutoCloseable {

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final boolean COUNTED = THREADS.isCurrentThreadCpuTimeSupported();
    private static final String TOTAL = "total";

    private static final ThreadLocal<@Nullable StageCpu> CURRENT = new ThreadLocal<>();

    private final Map<String, Long> micros = new LinkedHashMap<>();
    private final long begun;
    private long stageBegun;

    private StageCpu(long begun) {
        this.begun = begun;
        this.stageBegun = begun;
    }

    /** Begins to count the stages that this thread ends, until it is closed. */
    public static StageCpu begin() {
        StageCpu counts = new StageCpu(now());
        CURRENT.set(counts);
        return counts;
    }

    /** A stage of this thread's request ended. */
    static void ended(String stage) {
        StageCpu counts = CURRENT.get();
        if (counts != null && counts.begun >= 0 && !stage.equals(TOTAL)) {
            long now = now();
            counts.micros.merge(stage, (now - counts.stageBegun) / 1_000, Long::sum);
            counts.stageBegun = now;
        }
    }

    /** By stage, with the total so far as the last; empty where nobody counts. */
    public Map<String, Long> micros() {
        if (begun >= 0) {
            micros.put(TOTAL, (now() - begun) / 1_000);
        }
        return micros;
    }

    @Override
    public void close() {
        CURRENT.remove();
    }

    private static long now() {
        return COUNTED && !Thread.currentThread().isVirtual() ? THREADS.getCurrentThreadCpuTime() : -1;
    }
}
