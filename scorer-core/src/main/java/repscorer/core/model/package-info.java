/**
 * Models that make a probability of features: what they read, how they are computed over flat arrays, and which feature made how much of it.
 * Nothing here learns, reads files or knows a request. Start at {@link repscorer.core.model.RankModel}.
 */
@NullMarked
package repscorer.core.model;

import org.jspecify.annotations.NullMarked;
