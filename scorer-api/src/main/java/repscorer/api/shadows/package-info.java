/**
 * Tells what shadows would have answered. What runs them is {@link repscorer.core.shadow}. Start at
 * {@link repscorer.api.shadows.ShadowsController}.
 */
@NullMarked
package repscorer.api.shadows;

import org.jspecify.annotations.NullMarked;
