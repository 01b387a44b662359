/**
 * How long work tells its caller where it stands, and how the caller ends it. Nothing here trains. Start at
 * {@link repscorer.training.progress.TrainingProgress}.
 */
@NullMarked
package repscorer.training.progress;

import org.jspecify.annotations.NullMarked;
