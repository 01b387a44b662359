/**
 * Proofs that a space of a store which rows come to and leave all the time stays as good as one built anew. Start at
 * {@link repscorer.benchmarks.churn.LiveSpace}, which knows what the space must hold.
 */
@NullMarked
package repscorer.benchmarks.churn;

import org.jspecify.annotations.NullMarked;
