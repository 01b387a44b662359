/**
 * The service as a whole: how it is started, where it listens, how it stops. Features live in packages of their own. Start at
 * {@link repscorer.api.ScorerApplication}.
 */
@NullMarked
package repscorer.api;

import org.jspecify.annotations.NullMarked;
