/**
 * Tells what searches find while they serve. What watches them is {@link repscorer.core.recall}. Start at
 * {@link repscorer.api.recall.RecallController}.
 */
@NullMarked
package repscorer.api.recall;

import org.jspecify.annotations.NullMarked;
