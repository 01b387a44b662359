/**
 * What share of the best candidates searches find while they serve: a sample of them is answered again exactly in idle time. Start at
 * {@link repscorer.core.recall.LiveRecall}.
 */
@NullMarked
package repscorer.core.recall;

import org.jspecify.annotations.NullMarked;
