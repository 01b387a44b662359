package repscorer.api.traffic;

import org.springframework.context.SmartLifecycle;

/** Holds up the stop of the service until the requests under way are answered; Spring's bound for each phase ends it. */
final class Drain implements SmartLifecycle {

    private static final long LOOK_MILLIS = 5;

    private final Ports ports;
    private final int phase;
    private final long takenNanos;
    private volatile boolean running;

    /** @param takenNanos requests that come for so long yet are waited for too */
    Drain(Ports ports, int phase, long takenNanos) {
        this.ports = ports;
        this.phase = phase;
        this.takenNanos = takenNanos;
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
        long taken = System.nanoTime() + takenNanos;
        Thread.ofVirtual().name("drain").start(() -> {
            try {
                while (System.nanoTime() - taken < 0 || ports.busySinceBefore(taken)) {
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
