/**
 * Bytes that nobody would write, for everything that reads bytes: Jazzer changes valid ones, guided by the branches that they take.
 * Start at {@link repscorer.benchmarks.parsers.ParsersProof}.
 */
@NullMarked
package repscorer.benchmarks.parsers;

import org.jspecify.annotations.NullMarked;
