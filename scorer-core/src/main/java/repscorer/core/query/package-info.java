/** What callers ask: values that check themselves. How it is answered stands elsewhere. Start at {@link repscorer.core.query.CandidateQuery}. */
@NullMarked
package repscorer.core.query;

import org.jspecify.annotations.NullMarked;
