/**
 * A provider of OpenFeature over our experiments, for applications that ask for flags through its SDK, which has to be on their class
 * path. Start at {@link repscorer.openfeature.ScorerProvider}.
 */
@NullMarked
package repscorer.openfeature;

import org.jspecify.annotations.NullMarked;
