/**
 * Good files, damaged from a seed, and what a few plain lines say that damaged ones hold: for {@code bin/prove readers}. Start at
 * {@link repscorer.benchmarks.readers.ReaderRun}.
 */
@NullMarked
package repscorer.benchmarks.readers;

import org.jspecify.annotations.NullMarked;
