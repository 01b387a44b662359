/**
 * SimClusters: communities of producers found in the follow graph, and sparse vectors of users, producers and items over
 * them. Files, evaluation and dense vectors are elsewhere. Start at {@link repscorer.training.simclusters.SimClustersTrainer}.
 */
@NullMarked
package repscorer.training.simclusters;

import org.jspecify.annotations.NullMarked;
