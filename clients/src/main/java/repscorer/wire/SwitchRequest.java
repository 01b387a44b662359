package repscorer.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * Serves something to a share of those who ask.
 *
 * @param share of ten thousand; 0 for nobody
 * @param reason in words, for the history
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SwitchRequest(
        @Nullable Integer share, @Nullable String reason) {}
