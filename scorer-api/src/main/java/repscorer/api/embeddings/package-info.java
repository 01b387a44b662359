/**
 * Reads embeddings of the live or a kept release, one or many at once. Nothing is scored here. Start at {@link repscorer.api.embeddings.EmbeddingsController}.
 */
@NullMarked
package repscorer.api.embeddings;

import org.jspecify.annotations.NullMarked;
