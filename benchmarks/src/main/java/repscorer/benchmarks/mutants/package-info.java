/**
 * Mutation testing: what is mutated, what a run reported, and which survivors are known and why they live. The mutants are
 * made by PIT in a process of Maven's. Start at {@link repscorer.benchmarks.mutants.MutatedPackage}.
 */
@NullMarked
package repscorer.benchmarks.mutants;

import org.jspecify.annotations.NullMarked;
