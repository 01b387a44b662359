/**
 * Wires scorer-core and the upstream client to the service's configuration. Nothing here decides anything about a request.
 * Start at {@link repscorer.api.engine.EngineConfiguration}.
 */
@NullMarked
package repscorer.api.engine;

import org.jspecify.annotations.NullMarked;
