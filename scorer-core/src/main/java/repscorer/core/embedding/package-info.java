/**
 * What an embedding is, the space it belongs to, and the file that carries one space's rows. Versions and releases live in
 * {@code store}. Start at {@link repscorer.core.embedding.EmbeddingFile}.
 */
@NullMarked
package repscorer.core.embedding;

import org.jspecify.annotations.NullMarked;
