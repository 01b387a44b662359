/**
 * Programs that show one claim on real data, print the figure last and exit with 1 when it falls short. They look for data
 * in {@code $REPSCORER_DATA}, else beside the project, and say in one line when it is absent. Start at
 * {@link repscorer.benchmarks.proofs.Proofs}.
 */
@NullMarked
package repscorer.benchmarks.proofs;

import org.jspecify.annotations.NullMarked;
