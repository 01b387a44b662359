/** {@code repscorer plan}: what a service of some size will take, before there is one. */
@NullMarked
package repscorer.cli.sizing;

import org.jspecify.annotations.NullMarked;
