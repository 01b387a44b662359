/**
 * Watches the configuration directory, and tells what is in force. How another one comes into force is {@code engine}'s. Start at
 * {@link repscorer.api.reload.ConfigController}.
 */
@NullMarked
package repscorer.api.reload;

import org.jspecify.annotations.NullMarked;
