/**
 * Edges in, a release directory of embedding files out: the whole of training behind one call. HTTP and the live store are
 * elsewhere; a release gets there by publication like any other. Start at {@link repscorer.training.Trainer}.
 */
@NullMarked
package repscorer.training;

import org.jspecify.annotations.NullMarked;
