/**
 * A made-up social network whose communities are known: for demonstrations, and for tests that ask whether training finds
 * what is there. Nothing is learnt here. Start at {@link repscorer.training.network.SyntheticNetwork}.
 */
@NullMarked
package repscorer.training.network;

import org.jspecify.annotations.NullMarked;
