/** Digests: names for bytes by their content. */
@NullMarked
package repscorer.digest;

import org.jspecify.annotations.NullMarked;
