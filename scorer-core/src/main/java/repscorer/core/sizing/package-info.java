/**
 * What spaces and releases take, worked out from counts before there are any: bytes on disk and in memory. The arithmetic is that of the
 * formats and indexes themselves; here it is added up. Start at {@link repscorer.core.sizing.ReleaseSize}.
 */
@NullMarked
package repscorer.core.sizing;

import org.jspecify.annotations.NullMarked;
