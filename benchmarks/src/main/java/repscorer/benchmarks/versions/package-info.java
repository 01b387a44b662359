/** Proofs of what is done between two versions of vectors. Start at {@link repscorer.benchmarks.versions.AlignmentProof}. */
@NullMarked
package repscorer.benchmarks.versions;

import org.jspecify.annotations.NullMarked;
