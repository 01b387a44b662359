/**
 * What a release is held to before it goes live: how it compares to the live one, and what its indexes find. Knows nothing of files,
 * HTTP or of how a verdict is kept. Start at {@link repscorer.core.gate.ReleaseGates}.
 */
@NullMarked
package repscorer.core.gate;

import org.jspecify.annotations.NullMarked;
