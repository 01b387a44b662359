/**
 * Tells the experiments and which variants a unit is in. Nothing is changed here. Start at {@link repscorer.api.experiments.ExperimentsController}.
 */
@NullMarked
package repscorer.api.experiments;

import org.jspecify.annotations.NullMarked;
