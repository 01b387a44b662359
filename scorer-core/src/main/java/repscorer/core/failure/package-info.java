/**
 * The ways an operation is refused, and what is found wrong with files and gone on without. Every package may throw the former;
 * none is caught to go on as if nothing had happened. Start at {@link repscorer.core.failure.ScorerException}.
 */
@NullMarked
package repscorer.core.failure;

import org.jspecify.annotations.NullMarked;
