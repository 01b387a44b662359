/**
 * A space as Spring AI's vector store, over {@link repscorer.stores.VectorTable}. Start at {@link
 * repscorer.stores.spring.SpaceVectorStore}.
 */
@NullMarked
package repscorer.stores.spring;

import org.jspecify.annotations.NullMarked;
