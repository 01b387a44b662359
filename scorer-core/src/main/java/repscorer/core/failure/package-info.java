/**
 * The ways an operation is refused. Every package may throw them; none is caught to go on as if nothing had happened. Start at
 * {@link repscorer.core.failure.ScorerException}.
 */
@NullMarked
package repscorer.core.failure;

import org.jspecify.annotations.NullMarked;
