/**
 * The social graph in memory: entities by kind and ordinal, typed relations as arrays, their compressed rows, the reader of
 * edge files and the hold-out. Nothing is learnt here. Start at {@link repscorer.training.graph.EdgeReader}.
 */
@NullMarked
package repscorer.training.graph;

import org.jspecify.annotations.NullMarked;
