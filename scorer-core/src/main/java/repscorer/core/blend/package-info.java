/**
 * Score columns into one score: normalisers, recipes and the explanation of every contribution. Columns arrive as numbers;
 * where they come from is not known here. Start at {@link repscorer.core.blend.BlendRecipe}.
 */
@NullMarked
package repscorer.core.blend;

import org.jspecify.annotations.NullMarked;
