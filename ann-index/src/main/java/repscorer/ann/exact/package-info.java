/**
 * The full scan behind the dense face: the yardstick of recall and the plan for small or heavily filtered searches.
 * Start at {@link repscorer.ann.exact.ExactIndex}.
 */
@NullMarked
package repscorer.ann.exact;

import org.jspecify.annotations.NullMarked;
