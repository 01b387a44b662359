/**
 * Sums of what engagements add to their items: pure values over columns and times, bounded in memory.
 *
 * <p>Where events come from, and what is written and made visible, is the store's. Start at {@link
 * repscorer.core.engagement.EngagedItems}.
 */
@NullMarked
package repscorer.core.engagement;

import org.jspecify.annotations.NullMarked;
