/**
 * Our own HNSW graph behind the dense face: flat arrays, walked over floats or over codes of a byte a value, answered in
 * float32. Rows are not added or removed once it is built, and nothing is written to files here. Start at
 * {@link repscorer.ann.hnsw.HnswIndex}.
 */
@NullMarked
package repscorer.ann.hnsw;

import org.jspecify.annotations.NullMarked;
