/**
 * Maps from the coordinates of one training of a model onto those of another: fitted on ids that both have, judged on others, kept with
 * a release. Which requests use them stands elsewhere. Start at {@link repscorer.core.align.Aligner}.
 */
@NullMarked
package repscorer.core.align;

import org.jspecify.annotations.NullMarked;
