/**
 * Erases subjects from all that a service keeps, with receipts. Not here: how each place lets go of them. Start at {@link
 * repscorer.api.erasure.Erasures}.
 */
@NullMarked
package repscorer.api.erasure;

import org.jspecify.annotations.NullMarked;
