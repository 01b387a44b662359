/**
 * Bytes of text files as other tools write them: rows under a limit, packed or not, in UTF-8 and nothing else. Start at
 * {@link repscorer.text.Lines}.
 */
@NullMarked
package repscorer.text;

import org.jspecify.annotations.NullMarked;
