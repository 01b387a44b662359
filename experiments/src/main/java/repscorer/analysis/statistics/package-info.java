/**
 * Numbers in, intervals out: effects of variants, confidence sequences, sample ratios, logistic and isotonic regression. Knows no decisions
 * and no outcomes. Start at {@link repscorer.analysis.statistics.Effect}; docs/algorithms/experiments.md has the formulas with their sources.
 */
@NullMarked
package repscorer.analysis.statistics;

import org.jspecify.annotations.NullMarked;
