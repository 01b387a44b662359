/**
 * Scores candidates that a caller names. One route and nothing else; the scoring itself is scorer-core's. Start at {@link repscorer.api.scores.ScoresController}.
 */
@NullMarked
package repscorer.api.scores;

import org.jspecify.annotations.NullMarked;
