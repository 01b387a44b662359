/**
 * Streams changes into the live release, each line answered by itself. The rules and the durability are the store's. Start at
 * {@link repscorer.api.upserts.UpsertsController}.
 */
@NullMarked
package repscorer.api.upserts;

import org.jspecify.annotations.NullMarked;
