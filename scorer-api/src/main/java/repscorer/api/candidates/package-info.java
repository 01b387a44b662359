/**
 * Ranks candidates for a source. One route and nothing else; the ranking itself is scorer-core's. Start at {@link repscorer.api.candidates.CandidatesController}.
 */
@NullMarked
package repscorer.api.candidates;

import org.jspecify.annotations.NullMarked;
