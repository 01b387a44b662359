/**
 * An outside flag system that experiments ask, through OpenFeature. How an answer deals units is scorer-core's. Start at {@link
 * repscorer.api.flags.OpenFeatureFlags}.
 */
@NullMarked
package repscorer.api.flags;

import org.jspecify.annotations.NullMarked;
