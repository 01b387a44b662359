/**
 * A space as LangChain4j's embedding store, over {@link repscorer.stores.VectorTable}. Start at {@link
 * repscorer.stores.langchain4j.SpaceEmbeddingStore}.
 */
@NullMarked
package repscorer.stores.langchain4j;

import org.jspecify.annotations.NullMarked;
