/**
 * Recorded answers of a service and their comparison with those of another build: black box, over HTTP and {@code bin/repscorer}
 * alone, so that everything inside may change. Start at {@link repscorer.benchmarks.answers.GoldenRecorder} and
 * {@link repscorer.benchmarks.answers.GoldenReplay}.
 */
@NullMarked
package repscorer.benchmarks.answers;

import org.jspecify.annotations.NullMarked;
