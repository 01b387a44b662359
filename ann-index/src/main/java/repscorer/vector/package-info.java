/**
 * Vectors and the arithmetic on them: dense rows, sparse rows, metrics and the kernels in two twins (scalar and SIMD).
 * No index lives here and no identifier; a row is known by its ordinal. Start at {@link repscorer.vector.VectorOps}.
 */
@NullMarked
package repscorer.vector;

import org.jspecify.annotations.NullMarked;
