package repscorer.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * What is served to a share of those who ask.
 *
 * @param kind surface, space, release, caller
 * @param name of the surface, space or release, or of a caller's key
 * @param share of ten thousand; 0 for nobody
 * @param source who said it: a file, or somebody over the API, whose word wins
 * @param at when; absent where a file says it
 * @param author who; absent where a file says it
 * @param reason why; absent where a file says it
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SwitchBody(
        String kind,
        String name,
        int share,
        String source,
        @Nullable String at,
        @Nullable String author,
        @Nullable String reason) {}
