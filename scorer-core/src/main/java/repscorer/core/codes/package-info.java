/**
 * The codes of an embedding file's rows as they are kept beside it, and what they lose. How rows are coded is {@code repscorer.codes}. Start at
 * {@link repscorer.core.codes.RowCodes}.
 */
@NullMarked
package repscorer.core.codes;

import org.jspecify.annotations.NullMarked;
