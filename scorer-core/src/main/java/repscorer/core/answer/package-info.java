/**
 * What callers get: values with scores, reasons and provenance, ids as text. Nothing here computes. Start at
 * {@link repscorer.core.answer.ScoredCandidates}.
 */
@NullMarked
package repscorer.core.answer;

import org.jspecify.annotations.NullMarked;
