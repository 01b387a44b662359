/**
 * How much one release differs from another: the rows of each space over the ids that both have, and what each surface answers. Knows
 * nothing of HTTP, of files or of how a request is answered. Start at {@link repscorer.core.drift.ReleaseDrift}.
 */
@NullMarked
package repscorer.core.drift;

import org.jspecify.annotations.NullMarked;
