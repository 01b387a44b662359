/** Decompositions of matrices in double precision, as rotations and maps between spaces need them. */
@NullMarked
package repscorer.linear;

import org.jspecify.annotations.NullMarked;
