/**
 * The files that vector benchmarks come in, read whole. Nothing is measured here. Start at
 * {@link repscorer.benchmarks.vectors.VectorFiles}.
 */
@NullMarked
package repscorer.benchmarks.vectors;

import org.jspecify.annotations.NullMarked;
