package repscorer.api.reload;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.stereotype.Component;
import repscorer.api.config.ServiceConfig;
import repscorer.api.engine.LiveConfig;

/** Looks at the configuration's files every {@code config-watch}, and at switches four times a second, once the service has started. */
@Component
final class ConfigWatch implements ApplicationRunner, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ConfigWatch.class);

    /** A switch takes two looks, and is in force within a second. */
    private static final Duration SWITCHES_EVERY = Duration.ofMillis(250);

    private final LiveConfig live;
    private final Duration every;
    private @Nullable Thread thread;

    ConfigWatch(LiveConfig live, ServiceConfig config) {
        this.live = live;
        this.every = config.settings().configWatch();
    }

    @Override
    public synchronized void run(ApplicationArguments arguments) {
        if (every.isPositive()) {
            thread = Thread.ofPlatform().daemon().name("config-watch").start(this::watch);
        }
    }

    private void watch() {
        Duration sleep = every.compareTo(SWITCHES_EVERY) < 0 ? every : SWITCHES_EVERY;
        long wholeAt = System.nanoTime() + every.toNanos();
        while (true) {
            try {
                Thread.sleep(sleep);
            } catch (InterruptedException e) {
                return; // closed
            }
            try {
                live.lookAtSwitches();
                if (System.nanoTime() - wholeAt >= 0) {
                    wholeAt = System.nanoTime() + every.toNanos();
                    live.look();
                }
            } catch (RuntimeException e) {
                LOG.error("the configuration could not be looked at", e);
            }
        }
    }

    @Override
    public synchronized void close() {
        if (thread != null) {
            thread.interrupt();
        }
    }
}
