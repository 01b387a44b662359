/**
 * Between the wire records and the values of scorer-core: requests are checked field by field, answers are written out.
 * Nothing here knows HTTP. Start at {@link repscorer.api.mapping.Requests} and {@link repscorer.api.mapping.Answers}.
 */
@NullMarked
package repscorer.api.mapping;

import org.jspecify.annotations.NullMarked;
