/**
 * What another plan would have earned on the log of this one, by the propensities in the log. Start at
 * {@link repscorer.analysis.offpolicy.OffPolicy}; docs/algorithms/experiments.md has the formulas with their sources.
 */
@NullMarked
package repscorer.analysis.offpolicy;

import org.jspecify.annotations.NullMarked;
