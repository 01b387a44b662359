/**
 * Reads a result: as an answer with its explanations, or to say why a candidate is not in it. Here places become ids. Nothing
 * here changes what was found. Start at {@link repscorer.core.explain.AnswerAssembler}.
 */
@NullMarked
package repscorer.core.explain;

import org.jspecify.annotations.NullMarked;
