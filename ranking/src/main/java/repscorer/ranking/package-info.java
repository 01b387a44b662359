/**
 * Learns the models of columns from impressions. It stands above the command line, so that what serves carries nothing that learns. Start at
 * {@link repscorer.ranking.RankTrainer}.
 */
@NullMarked
package repscorer.ranking;

import org.jspecify.annotations.NullMarked;
