/**
 * Which variant won, and what another plan would have earned: statistics over decisions and their outcomes. Knows no files and no
 * HTTP. Start at {@link repscorer.analysis.ExperimentAnalysis}; the numbers are made in {@link repscorer.analysis.statistics} and
 * {@link repscorer.analysis.offpolicy}.
 */
@NullMarked
package repscorer.analysis;

import org.jspecify.annotations.NullMarked;
