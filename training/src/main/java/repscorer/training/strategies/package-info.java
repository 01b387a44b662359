/**
 * How the next version of vectors may begin, tried side by side on one's own edges. Start at
 * {@link repscorer.training.strategies.Strategies}.
 */
@NullMarked
package repscorer.training.strategies;

import org.jspecify.annotations.NullMarked;
