/**
 * Loops over rows on several threads, and sums of sparse rows, as trainers need them. Nothing is learnt here. Start at
 * {@link repscorer.training.rows.Parallel}.
 */
@NullMarked
package repscorer.training.rows;

import org.jspecify.annotations.NullMarked;
