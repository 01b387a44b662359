/**
 * Judges a release by edges that training did not see, through the scoring that is served. Nothing is learnt here. Start at
 * {@link repscorer.training.evaluate.Evaluator}.
 */
@NullMarked
package repscorer.training.evaluate;

import org.jspecify.annotations.NullMarked;
