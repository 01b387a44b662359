/**
 * Whether a variant is worse than its control by more than is allowed, looked at after every answer: counts of units and a sequential
 * test. Knows no HTTP and stops nothing. Start at {@link repscorer.guard.VariantCounts}.
 */
@NullMarked
package repscorer.guard;

import org.jspecify.annotations.NullMarked;
