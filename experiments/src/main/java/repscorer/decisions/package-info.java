/**
 * What is kept of answers, and what came of them: a {@link repscorer.decisions.Decision} for each answer, an
 * {@link repscorer.decisions.Outcome} for each thing a person did with a candidate of it, files of both. Knows no HTTP and no
 * statistics.
 */
@NullMarked
package repscorer.decisions;

import org.jspecify.annotations.NullMarked;
