package repscorer.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A release.
 *
 * @param state LIVE, KEPT or REJECTED
 * @param versions by space
 * @param checks what was measured before it went live
 * @param rejection why it was rejected
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ReleaseBody(
        String release,
        String state,
        String publishedAt,
        Map<String, String> versions,
        Map<String, Double> checks,
        @Nullable String rejection) {}
