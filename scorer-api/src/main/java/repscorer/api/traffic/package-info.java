/**
 * What comes in: connections and how long they may take, turns to compute, bytes held. Nothing here knows what a request asks.
 * Start at {@link repscorer.api.traffic.AdmissionFilter}.
 */
@NullMarked
package repscorer.api.traffic;

import org.jspecify.annotations.NullMarked;
