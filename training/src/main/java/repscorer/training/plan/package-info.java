/**
 * What a training run is asked to do, as records checked on construction, and the words for what a plan's file
 * gets wrong. No edge is read here. Start at {@link repscorer.training.plan.TrainingPlan}.
 */
@NullMarked
package repscorer.training.plan;

import org.jspecify.annotations.NullMarked;
