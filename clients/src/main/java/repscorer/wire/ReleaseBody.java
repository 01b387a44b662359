package repscorer.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * A release.
 *
 * @param state LIVE, KEPT, STAGED or REJECTED
 * @param versions by space
 * @param checks what was measured before it went live
 * @param rejection why its publication or promotion failed
 * @param carried the releases that spaces were carried over from, by space; absent where none was
 * @param pinned true where it is kept until somebody unpins it; absent otherwise
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ReleaseBody(
        String release,
        String state,
        String publishedAt,
        Map<String, String> versions,
        Map<String, Double> checks,
        @Nullable String rejection,
        @Nullable Map<String, String> carried,
        @Nullable Boolean pinned) {

    private static final String RECALL = "recall@";

    /** The name of a check: which share of the true nearest neighbours a space's index finds. */
    public static String recallOf(int neighbors, String space) {
        return RECALL + neighbors + " of " + space;
    }

    /** The least of such shares; empty where nothing but scans was published. */
    public OptionalDouble leastRecall() {
        return checks.entrySet().stream()
                .filter(check -> check.getKey().startsWith(RECALL))
                .mapToDouble(Map.Entry::getValue)
                .min();
    }
}
