/**
 * Multi-interest users: clusters over the vectors of what users act on, and a weighted mixture of them per user, smoothed with
 * the nearest users. Vectors are learnt elsewhere. Start at {@link repscorer.training.interests.InterestsTrainer}.
 */
@NullMarked
package repscorer.training.interests;

import org.jspecify.annotations.NullMarked;
