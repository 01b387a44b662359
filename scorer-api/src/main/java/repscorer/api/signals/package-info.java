/**
 * Takes and tells what users did, and the features it makes. Routes and nothing else. Start at
 * {@link repscorer.api.signals.SignalsController}.
 */
@NullMarked
package repscorer.api.signals;

import org.jspecify.annotations.NullMarked;
