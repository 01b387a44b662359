/** Rows of a network's own links, of which nothing is learnt. */
@NullMarked
package repscorer.training.social;

import org.jspecify.annotations.NullMarked;
