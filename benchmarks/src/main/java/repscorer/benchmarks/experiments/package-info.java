/**
 * The analysis of experiments against simulators whose truth is known. Start at
 * {@link repscorer.benchmarks.experiments.ExperimentsProof}.
 */
@NullMarked
package repscorer.benchmarks.experiments;

import org.jspecify.annotations.NullMarked;
