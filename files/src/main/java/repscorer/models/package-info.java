/** Models as files: JSON that is the same bytes for the same model. Start at {@link repscorer.models.ModelFile}. */
@NullMarked
package repscorer.models;

import org.jspecify.annotations.NullMarked;
