/** Entities by the beginnings of their names. Start at {@link repscorer.core.complete.Completer}. */
@NullMarked
package repscorer.core.complete;

import org.jspecify.annotations.NullMarked;
