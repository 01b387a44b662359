/**
 * Names of things: kinds, identifiers and the table between identifiers and ordinals. Nothing here knows vectors. Start at
 * {@link repscorer.core.entity.EntityId}.
 */
@NullMarked
package repscorer.core.entity;

import org.jspecify.annotations.NullMarked;
