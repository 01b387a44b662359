package repscorer.api.observe;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.spi.ILoggingEvent;
import java.util.concurrent.atomic.LongAdder;

/**
 * Hands lines of the log to a thread of its own, and drops and counts them where that has too many: whoever logs never waits
 * for a reader of standard output that stopped. Public because Logback makes it by name. Safe for concurrent use.
 */
public final class DroppingAppender extends AsyncAppender {

    private static final int LINES_MAX = 4_096;
    private static final int FLUSH_MILLIS_MAX = 500;

    private static final LongAdder DROPPED = new LongAdder();

    public DroppingAppender() {
        setQueueSize(LINES_MAX);
        setDiscardingThreshold(0);
        setNeverBlock(true);
        setMaxFlushTime(FLUSH_MILLIS_MAX);
    }

    /** Lines that nobody will read, since the process began. */
    static long dropped() {
        return DROPPED.sum();
    }

    @Override
    protected void append(ILoggingEvent line) {
        if (getRemainingCapacity() == 0) {
            DROPPED.increment();
        } else {
            super.append(line);
        }
    }
}
