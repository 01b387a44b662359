/**
 * Embeddings that another service holds, behind one interface: cached, fetched once however many ask, and every failure a
 * value. Nothing here knows the store or the scorer, which adapt it to their own port. Start at
 * {@link repscorer.upstream.UpstreamEmbeddings}.
 */
@NullMarked
package repscorer.upstream;

import org.jspecify.annotations.NullMarked;
