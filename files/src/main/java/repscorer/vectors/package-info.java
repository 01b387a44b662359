/**
 * Files of vectors as other tools write them, read a row at a time: {@code .npy}, {@code .fvecs}, {@code .bvecs} and
 * {@code .ivecs}. Nothing here knows ids or spaces. Start at {@link repscorer.vectors.NpyReader}.
 */
@NullMarked
package repscorer.vectors;

import org.jspecify.annotations.NullMarked;
