/**
 * The way of a request for candidates: what is left out, what the columns' searches find, every column's score of all of it,
 * one blend, the rules. Values are arrays over the places of candidates; ids become text elsewhere. Start at
 * {@link repscorer.core.candidates.CandidatePipeline}.
 */
@NullMarked
package repscorer.core.candidates;

import org.jspecify.annotations.NullMarked;
