/**
 * What tests of every module share: repeatable randomness, synthetic vectors and naive oracles, all over plain arrays.
 * Nothing of the product is used here, so that an oracle cannot repeat the product's mistake. Start at
 * {@link repscorer.testing.Seeds}.
 */
@NullMarked
package repscorer.testing;

import org.jspecify.annotations.NullMarked;
