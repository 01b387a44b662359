/**
 * Files that belong to a release beside its rows, such as maps onto other versions' coordinates: whole or absent, each with a checksum
 * at its end. Nothing here knows what is in them. Start at {@link repscorer.core.store.attached.AttachedFiles}.
 */
@NullMarked
package repscorer.core.store.attached;

import org.jspecify.annotations.NullMarked;
