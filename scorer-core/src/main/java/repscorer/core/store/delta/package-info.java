/**
 * The changes streamed into a space since its base was written, and indexes over base and changes. Seen by the store alone. Start
 * at {@link repscorer.core.store.delta.Delta}.
 */
@NullMarked
package repscorer.core.store.delta;

import org.jspecify.annotations.NullMarked;
