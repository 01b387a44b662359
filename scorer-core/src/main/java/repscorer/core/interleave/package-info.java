/**
 * One list of two rankings, such that what people do with it tells which of the two is better: which candidate of which ranking comes
 * next, and whom an outcome of it is credited to. Knows no plans and no releases. Start at
 * {@link repscorer.core.interleave.Interleaving}.
 */
@NullMarked
package repscorer.core.interleave;

import org.jspecify.annotations.NullMarked;
