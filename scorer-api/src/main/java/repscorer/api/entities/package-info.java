/** Entities by the beginnings of their names. Start at {@code EntitiesController}. */
@NullMarked
package repscorer.api.entities;

import org.jspecify.annotations.NullMarked;
