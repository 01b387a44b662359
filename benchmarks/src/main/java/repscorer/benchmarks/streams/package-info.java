/** The proof of changes that come by topics of a real broker. Start at {@link repscorer.benchmarks.streams.StreamsProof}. */
@NullMarked
package repscorer.benchmarks.streams;

import org.jspecify.annotations.NullMarked;
