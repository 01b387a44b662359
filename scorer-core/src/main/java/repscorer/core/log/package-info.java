/**
 * Logs of records that are on the device when they are acknowledged, whatever the records are: their bytes, appending, reading
 * back after a crash, and the turns of those who append. Start at {@link repscorer.core.log.RecordLog}.
 */
@NullMarked
package repscorer.core.log;

import org.jspecify.annotations.NullMarked;
