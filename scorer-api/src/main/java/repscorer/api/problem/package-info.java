/**
 * Every error as a problem document of RFC 9457: one advice for what handlers throw, one controller and one valve for what
 * fails before a handler is found. No stack trace leaves the service. Start at {@link repscorer.api.problem.RefusedException}.
 */
@NullMarked
package repscorer.api.problem;

import org.jspecify.annotations.NullMarked;
