/**
 * The SDK for callers of the service. Calls are typed, failures are typed, nothing is retried that could change something twice.
 * Start at {@link repscorer.client.ScorerClient}.
 */
@NullMarked
package repscorer.client;

import org.jspecify.annotations.NullMarked;
