/**
 * Who was erased, by keyed digests, so that nothing brings a subject back; and the rows of a file without them. Not here: where
 * subjects are sought. Start at {@link repscorer.core.erasure.ErasedSubjects}.
 */
@NullMarked
package repscorer.core.erasure;

import org.jspecify.annotations.NullMarked;
