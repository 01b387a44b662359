/**
 * Tells the plan of each surface. Nothing is changed here. Start at {@link repscorer.api.surfaces.SurfacesController}.
 */
@NullMarked
package repscorer.api.surfaces;

import org.jspecify.annotations.NullMarked;
