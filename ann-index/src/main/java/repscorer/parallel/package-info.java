/**
 * The loop in which several threads share one piece of work: builds of indexes and trainings run on it. What the work is, is not
 * known here. Start at {@link repscorer.parallel.Workers}.
 */
@NullMarked
package repscorer.parallel;

import org.jspecify.annotations.NullMarked;
