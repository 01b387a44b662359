/**
 * What administrators and guard-rails change while the service runs: checked whole, kept with author and reason, in force at once,
 * and after a restart. Knows no HTTP but the name of who asks. Start at {@link repscorer.api.changes.Administration}.
 */
@NullMarked
package repscorer.api.changes;

import org.jspecify.annotations.NullMarked;
