package repscorer.api.traffic;

import java.time.Duration;
import org.springframework.context.SmartLifecycle;

/** Holds up the stop of the service until the requests under way are answered, or its time is over. */
final class Drain implements SmartLifecycle {

    private static final long LOOK_MILLIS = 5;

    private final Ports ports;
    private final int phase;
    private final Duration max;
    private final Duration taken;
    private volatile boolean running;

    /**
     * @param max how long it waits at most
     * @param taken requests that come for so long yet are waited for too
     */
    Drain(Ports ports, int phase, Duration max, Duration taken) {
        this.ports = ports;
        this.phase = phase;
        this.max = max;
        this.taken = taken;
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void stop() {
        stop(() -> {});
    }

    @Override
    public void stop(Runnable stopped) {
        long begun = System.nanoTime();
        long takenUntil = begun + taken.toNanos();
        long end = begun + max.toNanos();
        Thread.ofVirtual().name("drain").start(() -> {
            try {
                while (System.nanoTime() - end < 0
                        && (System.nanoTime() - takenUntil < 0 || ports.busySinceBefore(takenUntil))) {
                    Thread.sleep(LOOK_MILLIS);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                running = false;
                stopped.run();
            }
        });
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return phase;
    }
}
