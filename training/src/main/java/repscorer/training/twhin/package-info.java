/**
 * TwHIN: dense vectors of entities and relations, learnt from typed edges by gradient steps on arrays. Files, evaluation and
 * sparse vectors are elsewhere. Start at {@link repscorer.training.twhin.TwhinTrainer}.
 */
@NullMarked
package repscorer.training.twhin;

import org.jspecify.annotations.NullMarked;
