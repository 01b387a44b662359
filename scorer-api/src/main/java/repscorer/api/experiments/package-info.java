/**
 * Tells the experiments and which variants a unit is in, and has them and switches changed: how is {@code changes}'s. Start at {@link repscorer.api.experiments.ExperimentsController}.
 */
@NullMarked
package repscorer.api.experiments;

import org.jspecify.annotations.NullMarked;
