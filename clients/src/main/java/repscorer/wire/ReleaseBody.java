package repscorer.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
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
 * @param gates what it was held to before it went live, or would be; absent where nothing was measured
 * @param forced who had it go live past gates that failed; absent where nobody did
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
        @Nullable Boolean pinned,
        @Nullable List<GateBody> gates,
        @Nullable ForcedBody forced) {

    /**
     * A gate.
     *
     * @param gate its name
     * @param of what was measured, such as the space
     * @param value that was measured
     * @param min the least that passes; absent where nothing is too little
     * @param max the most that passes; absent where nothing is too much
     * @param passed whether the value is within its bounds
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record GateBody(
            String gate,
            String of,
            double value,
            @Nullable Double min,
            @Nullable Double max,
            boolean passed) {}

    /**
     * Who had a release go live past its gates.
     *
     * @param by the name of the key that asked
     * @param reason why, in words
     * @param at when
     */
    public record ForcedBody(String by, String reason, String at) {}

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
