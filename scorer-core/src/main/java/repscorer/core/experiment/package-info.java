/**
 * Experiments: a salted hash of the unit picks a variant, a variant is a map of plan overrides. Knows nothing of scoring.
 * Start at {@link repscorer.core.experiment.Assigner}.
 */
@NullMarked
package repscorer.core.experiment;

import org.jspecify.annotations.NullMarked;
