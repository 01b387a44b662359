/**
 * Our own HNSW graph behind the dense face: flat memory off the heap, searched over floats or over one byte a value,
 * saved to files, and added to while searches run. Identifiers and versions are not known here. Start at
 * {@link repscorer.ann.hnsw.HnswIndex} and {@link repscorer.ann.hnsw.MutableHnswIndex}.
 */
@NullMarked
package repscorer.ann.hnsw;

import org.jspecify.annotations.NullMarked;
