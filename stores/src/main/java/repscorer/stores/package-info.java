/**
 * A dense space of a running service as a table of vectors with texts beside them, for programs that keep what they search there. The
 * service holds the vectors, the program the texts. Start at {@link repscorer.stores.VectorTable}; {@code langchain4j} and {@code spring}
 * make it the store of either library.
 */
@NullMarked
package repscorer.stores;

import org.jspecify.annotations.NullMarked;
