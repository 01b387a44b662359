package repscorer.training.progress;

import java.util.concurrent.CancellationException;

/** Told how training goes on, asked whether it should. Called by one
 * thread at a time, not always the same; must return quickly. */
@FunctionalInterface
public interface TrainingProgress {

    /** Says nothing and never cancels. */
    TrainingProgress NONE = (stage, done, total, note) -> {};

    /**
     * @param stage in words, such as {@code read follow} or {@code twhin}; a new stage begins with another name
     * @param done how much of {@code total} is done, in the stage's own unit
     * @param total 0 where it is not known
     * @param note figures worth showing, such as {@code 412,000 edges/s, loss 0.53, 14 s left}; may be empty
     */
    void report(String stage, long done, long total, String note);

    /** Whether the work should end soon; asked several times a second. */
    default boolean cancelled() {
        return false;
    }

    /** @throws CancellationException when the caller wants an end */
    default void checkCancelled() {
        if (cancelled()) {
            throw new CancellationException("training was cancelled");
        }
    }
}
