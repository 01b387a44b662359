/**
 * Tells which spaces are declared and which versions of them are held. Nothing is changed here. Start at {@link repscorer.api.spaces.SpacesController}.
 */
@NullMarked
package repscorer.api.spaces;

import org.jspecify.annotations.NullMarked;
