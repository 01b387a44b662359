package repscorer.core.request;

import java.util.LinkedHashMap;
import java.util.Map;

/** Times the stages of one request, one after another. For one thread. */
public final class StageClock {

    private final String surface;
    private final StageListener listener;
    private final Map<String, Long> micros = new LinkedHashMap<>();
    private final long begun = System.nanoTime();
    private long stageBegun = begun;

    public StageClock(String surface, StageListener listener) {
        this.surface = surface;
        this.listener = listener;
    }

    /**
     * Ends the stage that runs since the last one ended.
     *
     * @throws repscorer.core.failure.ScorerException.Overloaded where the request has no time for another
     */
    public void end(String stage) {
        long now = System.nanoTime();
        record(stage, now - stageBegun);
        stageBegun = now;
        ComputePermits.checkTime();
    }

    /** All stages so far, with the total as the last. */
    public Map<String, Long> finish() {
        record("total", System.nanoTime() - begun);
        return micros;
    }

    private void record(String stage, long nanos) {
        micros.merge(stage, nanos / 1_000, Long::sum); // of two plans one after the other
        listener.took(surface, stage, nanos);
    }
}
