/**
 * What goes with one request from its first step to its last: the plan that answers it, the pinned snapshot and what is noted
 * of it, its entities by number, its budget, its permit and its clock. Start at {@link repscorer.core.request.PlanResolver},
 * which makes a {@link repscorer.core.request.Request}.
 */
@NullMarked
package repscorer.core.request;

import org.jspecify.annotations.NullMarked;
