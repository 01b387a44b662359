/**
 * Makes a service quick before it is said to be ready. Nothing here answers anybody. Start at {@link repscorer.api.warm.WarmUp}.
 */
@NullMarked
package repscorer.api.warm;

import org.jspecify.annotations.NullMarked;
