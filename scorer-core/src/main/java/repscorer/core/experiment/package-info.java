/**
 * Experiments: a salted hash of the unit picks a variant, a variant is a map of plan overrides; and how flag systems deal the same
 * units. Knows nothing of scoring, and keeps nothing of anybody. Start at {@link repscorer.core.experiment.Assigner}.
 */
@NullMarked
package repscorer.core.experiment;

import org.jspecify.annotations.NullMarked;
