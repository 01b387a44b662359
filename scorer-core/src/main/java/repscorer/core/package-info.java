/**
 * The face of scoring: a {@link repscorer.core.Scorer} answers a {@link repscorer.core.query.CandidateQuery} or a
 * {@link repscorer.core.query.ScoreQuery} by a {@link repscorer.core.plan.ScoringPlan}. Only this package sees all others of the module;
 * HTTP, JSON and configuration files live elsewhere. Start at {@link repscorer.core.Scorer}.
 */
@NullMarked
package repscorer.core;

import org.jspecify.annotations.NullMarked;
