package repscorer.training.twhin;

import java.util.Locale;
import repscorer.training.progress.TrainingProgress;

/** How many edges a run is through, how fast it goes, and what it tells of that. An edge is two half edges, one each way. */
final class Pace {

    private static final long REPORT_NANOS = 200_000_000;

    private final TrainingProgress progress;
    private final TrainingState state;
    private final long halfEdgesTotal;
    private long halfEdgesBefore;
    private long halfEdgesDone;
    private long startedAt;
    private long reportedAt;

    Pace(TrainingProgress progress, TrainingState state, long halfEdgesTotal) {
        this.progress = progress;
        this.state = state;
        this.halfEdgesTotal = halfEdgesTotal;
    }

    void start() {
        startedAt = System.nanoTime();
    }

    /** Takes half edges as done that this run has no part in. */
    void resume(long halfEdges) {
        halfEdgesBefore = halfEdges;
        halfEdgesDone = halfEdges;
    }

    void advance(int halfEdges) {
        halfEdgesDone += halfEdges;
    }

    void report(String note) {
        progress.report("twhin", halfEdgesDone / 2, halfEdgesTotal / 2, note);
    }

    /** Whether it is time for a report. */
    boolean due(boolean last) {
        return last || System.nanoTime() - reportedAt > REPORT_NANOS;
    }

    /**
     * Reports what there is to tell.
     *
     * @return whether the caller asks for an end
     */
    boolean reportAndAsk() {
        reportedAt = System.nanoTime();
        report(note());
        return progress.cancelled();
    }

    /**
     * Reports that all is done, be it before the last epoch.
     *
     * @return edges a second
     */
    double end() {
        double seconds = (System.nanoTime() - startedAt) / 1e9;
        progress.report("twhin", halfEdgesTotal / 2, halfEdgesTotal / 2, note());
        return (halfEdgesDone - halfEdgesBefore) / 2.0 / seconds;
    }

    private String note() {
        double seconds = Math.max((System.nanoTime() - startedAt) / 1e9, 1e-9);
        double rate = (halfEdgesDone - halfEdgesBefore) / 2.0 / seconds;
        String validated = state.validation.isEmpty()
                ? ""
                : String.format(
                        Locale.ROOT, ", validation MRR %.4f (best %.4f)", state.lastValidation, state.bestValidation);
        return String.format(
                Locale.ROOT,
                "%,.0f edges/s, loss %.4f%s, %.0f s left",
                rate,
                state.loss(),
                validated,
                (halfEdgesTotal - halfEdgesDone) / 2.0 / Math.max(rate, 1));
    }
}
