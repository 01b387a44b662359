/**
 * The faces of nearest-neighbour search: a {@link repscorer.ann.DenseIndex} over dense rows, a
 * {@link repscorer.ann.SparseIndex} over clusters, and what a search takes and answers. The engines behind the faces
 * live in the packages below and do not see each other; identifiers and versions live in scorer-core. Start at
 * {@link repscorer.ann.DenseIndex}.
 */
@NullMarked
package repscorer.ann;

import org.jspecify.annotations.NullMarked;
