/**
 * What a release was held to before it went live, as it is kept with it: values alone. What measures them is
 * {@code repscorer.core.gate}. Start at {@link repscorer.core.store.gate.Verdict}.
 */
@NullMarked
package repscorer.core.store.gate;

import org.jspecify.annotations.NullMarked;
