/**
 * Chance in a ranked list: which places it takes in, and how probably each candidate stands where it stands. Lists are places in
 * arrays; nothing here knows what a candidate is. Start at {@link repscorer.core.explore.Exploration}.
 */
@NullMarked
package repscorer.core.explore;

import org.jspecify.annotations.NullMarked;
