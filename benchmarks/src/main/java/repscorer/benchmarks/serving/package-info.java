/** Proofs of a whole service in a process of its own: how it starts, and how it lasts. Start at SoakProof. */
@NullMarked
package repscorer.benchmarks.serving;

import org.jspecify.annotations.NullMarked;
