/**
 * The dense face over the library hnswlib-java: an HNSW graph with our SIMD distance. Nothing of the library's own types
 * or traps (an {@code ef} shared by all searches, removed slots, a fixed capacity) reaches the caller. Start at
 * {@link repscorer.ann.hnswlib.HnswlibIndex}.
 */
@NullMarked
package repscorer.ann.hnswlib;

import org.jspecify.annotations.NullMarked;
