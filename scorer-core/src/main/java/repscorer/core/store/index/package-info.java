/**
 * Indexes over the rows of a file: how one is built, kept in a file, carried on and measured. Seen by the store alone. Start at
 * {@link repscorer.core.store.index.Indexes}.
 */
@NullMarked
package repscorer.core.store.index;

import org.jspecify.annotations.NullMarked;
