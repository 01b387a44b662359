package repscorer.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * One thing that a user did to one entity.
 *
 * @param type such as fav, block or seen
 * @param at when, in ISO 8601; now where absent
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SignalBody(
        @Nullable String type,
        @Nullable String entity,
        @Nullable String at) {}
