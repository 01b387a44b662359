/**
 * Streams of lines, read and answered at once. What a line means is for whoever reads it. Start at {@link repscorer.api.lines.LineReader}.
 */
@NullMarked
package repscorer.api.lines;

import org.jspecify.annotations.NullMarked;
