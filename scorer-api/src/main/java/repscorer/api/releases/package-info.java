/**
 * Takes embedding files, publishes releases and rolls them back; the one place over HTTP that changes what is served. Checks and indexes are the store's. Start at {@link repscorer.api.releases.ReleasesController}.
 */
@NullMarked
package repscorer.api.releases;

import org.jspecify.annotations.NullMarked;
