/**
 * Candidates from one space: the dense and the sparse index behind one question. Blending lives in {@code blend}.
 * Start at {@link repscorer.core.retrieve.Retriever}.
 */
@NullMarked
package repscorer.core.retrieve;

import org.jspecify.annotations.NullMarked;
