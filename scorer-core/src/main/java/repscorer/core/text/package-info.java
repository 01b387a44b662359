/**
 * Texts by their words: how languages cut and fold them, an index that ranks by BM25, and completion of names. Knows ordinals, no
 * ids; it alone sees Lucene, and nothing of Lucene's language of queries is reached. Start at {@link repscorer.core.text.TextIndex}.
 */
@NullMarked
package repscorer.core.text;

import org.jspecify.annotations.NullMarked;
