package repscorer.api.observe;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.AppenderBase;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DroppingAppenderTest {

    @Test
    @DisplayName("S44: who logs goes on while nobody reads, and what is dropped is counted")
    void dropsAndCounts() throws InterruptedException {
        LoggerContext context = new LoggerContext();
        context.setMDCAdapter(new LogbackMDCAdapter());
        CountDownLatch reads = new CountDownLatch(1);
        AtomicInteger written = new AtomicInteger();
        AppenderBase<ILoggingEvent> stopped = new AppenderBase<>() {
            @Override
            protected void append(ILoggingEvent line) {
                try {
                    reads.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                written.incrementAndGet();
            }
        };
        stopped.setContext(context);
        stopped.start();
        DroppingAppender lines = new DroppingAppender();
        lines.setContext(context);
        lines.addAppender(stopped);
        lines.start();
        Logger log = context.getLogger("x");
        log.setLevel(Level.INFO);
        log.addAppender(lines);
        long before = DroppingAppender.dropped();

        for (int i = 0; i < 10_000; i++) {
            log.error("line {}", i);
        }

        long dropped = DroppingAppender.dropped() - before;
        // Besides the queue, the writing thread holds what it took from it at once: as much again at most.
        assertThat(dropped).isBetween(10_000L - 2 * 4_096 - 1, 10_000L - 4_096);
        reads.countDown();
        while (written.get() + dropped < 10_000) {
            Thread.sleep(5);
        }
        log.error("one more");
        while (written.get() + dropped < 10_001) {
            Thread.sleep(5);
        }
        context.stop();
    }

    @Test
    @DisplayName("S44: an end does not wait for a reader that stopped")
    void endsWithoutAReader() {
        LoggerContext context = new LoggerContext();
        context.setMDCAdapter(new LogbackMDCAdapter());
        CountDownLatch never = new CountDownLatch(1);
        AppenderBase<ILoggingEvent> stopped = new AppenderBase<>() {
            @Override
            protected void append(ILoggingEvent line) {
                while (never.getCount() > 0) {
                    try {
                        never.await();
                    } catch (InterruptedException e) {
                        // as deaf as a full pipe
                    }
                }
            }
        };
        stopped.setContext(context);
        stopped.start();
        DroppingAppender lines = new DroppingAppender();
        lines.setContext(context);
        lines.addAppender(stopped);
        lines.start();
        Logger log = context.getLogger("x");
        log.addAppender(lines);
        log.error("a line");
        long asked = System.nanoTime();
        context.stop();
        assertThat((System.nanoTime() - asked) / 1e9).isLessThan(20);
        never.countDown();
    }
}
