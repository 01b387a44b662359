/** Alignments over HTTP: fitted, told, deleted. Start at {@link repscorer.api.align.AlignmentsController}. */
@NullMarked
package repscorer.api.align;

import org.jspecify.annotations.NullMarked;
