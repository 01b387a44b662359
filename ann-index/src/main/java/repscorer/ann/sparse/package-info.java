/**
 * The cluster index: each cluster's items by falling weight, searched as SimClusters-ANN does and rescored exactly.
 * Start at {@link repscorer.ann.sparse.ClusterIndex}.
 */
@NullMarked
package repscorer.ann.sparse;

import org.jspecify.annotations.NullMarked;
