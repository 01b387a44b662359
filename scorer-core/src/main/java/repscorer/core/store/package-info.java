/**
 * Releases of several spaces: staged, checked, indexed, published in one step, rolled back. Requests see one immutable
 * {@link repscorer.core.store.Snapshot}. Start at {@link repscorer.core.store.RepresentationStore}.
 */
@NullMarked
package repscorer.core.store;

import org.jspecify.annotations.NullMarked;
