/**
 * Keeps decisions and outcomes, and takes decisions again. The files are those of {@link repscorer.decisions}. Start at {@link
 * repscorer.api.decisions.DecisionRecorder}.
 */
@NullMarked
package repscorer.api.decisions;

import org.jspecify.annotations.NullMarked;
