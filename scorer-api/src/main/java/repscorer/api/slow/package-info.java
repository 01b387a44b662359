/** Requests that took long, each a line of JSON in a file with what it was answered by. Start at {@link repscorer.api.slow.SlowRequests}. */
@NullMarked
package repscorer.api.slow;

import org.jspecify.annotations.NullMarked;
