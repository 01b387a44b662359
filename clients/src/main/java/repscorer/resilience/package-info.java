/**
 * The one place where deadline, retry, circuit breaker, bulkhead and timeouts wrap the JDK's HTTP client. What a body means is
 * not known here: an outcome is an answer with status and bytes, or a failure with its cause, never an exception. Start at
 * {@link repscorer.resilience.ResilientHttp}.
 */
@NullMarked
package repscorer.resilience;

import org.jspecify.annotations.NullMarked;
