/**
 * A service in a process of its own under more requests than it can answer, and callers that give up. Start at
 * {@link repscorer.benchmarks.overload.OpenLoop}.
 */
@NullMarked
package repscorer.benchmarks.overload;

import org.jspecify.annotations.NullMarked;
