/**
 * {@code repscorer experiment}: what came of experiments, over logs of decisions, and experiments and switches of a running service. Start
 * at {@link repscorer.cli.experiments.ExperimentCommand}.
 */
@NullMarked
package repscorer.cli.experiments;

import org.jspecify.annotations.NullMarked;
