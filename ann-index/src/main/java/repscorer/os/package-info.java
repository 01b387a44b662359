/**
 * What Java has no word for and the system or the processor does: memory on huge pages, prefetches, threads that leave
 * processors to others. All calls to the system stand in {@link repscorer.os.SystemCalls}; where it has none, everything here
 * goes on without them, slower. Nothing of vectors, indexes or ids is known. Start at {@link repscorer.os.OffHeap}.
 */
@NullMarked
package repscorer.os;

import org.jspecify.annotations.NullMarked;
