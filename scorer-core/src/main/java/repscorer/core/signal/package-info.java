/**
 * What users did and when: signals, where they are read from, and the store that keeps those pushed to this service. What
 * is made of them is not known here. Start at {@link repscorer.core.signal.SignalSource}.
 */
@NullMarked
package repscorer.core.signal;

import org.jspecify.annotations.NullMarked;
