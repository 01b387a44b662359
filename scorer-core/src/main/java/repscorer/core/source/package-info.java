/**
 * From a request's source to the vector that each column compares candidates with: look-ups in the snapshot and upstream, means,
 * translations, vectors of the request itself. Nothing here searches or scores. Start at
 * {@link repscorer.core.source.SourceResolver}.
 */
@NullMarked
package repscorer.core.source;

import org.jspecify.annotations.NullMarked;
