/**
 * Exact scores of sources and candidates: every column over a list, one similarity over pairs, matrices and lists of rows.
 * Nothing here searches or ranks. Start at {@link repscorer.core.pair.ScoreTable}.
 */
@NullMarked
package repscorer.core.pair;

import org.jspecify.annotations.NullMarked;
