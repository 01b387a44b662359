/**
 * All that decides how a request is answered, as values: columns, blend, rules, limits; the changes that experiments and requests
 * make to it; and the checks that hold it to the declared spaces. Nothing here reads a release. Start at
 * {@link repscorer.core.plan.ScoringPlan}.
 */
@NullMarked
package repscorer.core.plan;

import org.jspecify.annotations.NullMarked;
