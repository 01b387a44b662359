/** Whole services of others that do our service's job on the same rows. Start at PeerBench. */
@NullMarked
package repscorer.benchmarks.peers;

import org.jspecify.annotations.NullMarked;
