/**
 * The similarities of pairs, dense and sparse, each with its direction, range and unit. Nothing here searches. Start at
 * {@link repscorer.core.similarity.Similarity}.
 */
@NullMarked
package repscorer.core.similarity;

import org.jspecify.annotations.NullMarked;
