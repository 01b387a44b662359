package repscorer.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code POST /v1/candidates}.
 *
 * @param surface follow, tweet or search
 * @param k how many; the surface's default where absent
 * @param overrides of the plan by dotted key, numbers, booleans or text
 * @param unit what experiments are assigned by; none takes part in no experiment
 * @param context what is told of whom the request is for, by name, such as {@code country}; experiments may look at it
 * @param explain true to have every column, the shared clusters, the anchors and the rules told
 * @param dryRun true to have told what rules would do, without any effect
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CandidatesRequest(
        @Nullable String surface,
        @Nullable SourceBody source,
        @Nullable Integer k,
        @Nullable Filters filters,
        @Nullable Map<String, Object> overrides,
        @Nullable String unit,
        @Nullable Map<String, String> context,
        @Nullable Boolean explain,
        @Nullable Boolean dryRun) {

    /** A request without a context that rules take effect on. */
    public CandidatesRequest(
            @Nullable String surface,
            @Nullable SourceBody source,
            @Nullable Integer k,
            @Nullable Filters filters,
            @Nullable Map<String, Object> overrides,
            @Nullable String unit,
            @Nullable Boolean explain) {
        this(surface, source, k, filters, overrides, unit, null, explain, null);
    }

    /**
     * Which candidates may be answered.
     *
     * @param kinds only candidates of these kinds
     * @param excludeIds never these
     * @param excludeHistories nothing that these history spaces hold for the source; the surface's default where absent
     * @param where only candidates that meet it: searches look at no others
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Filters(
            @Nullable List<String> kinds,
            @Nullable List<String> excludeIds,
            @Nullable List<String> excludeHistories,
            @Nullable ConditionBody where) {

        public static final Filters NONE = new Filters(null, null, null);

        /** Without a condition. */
        public Filters(
                @Nullable List<String> kinds,
                @Nullable List<String> excludeIds,
                @Nullable List<String> excludeHistories) {
            this(kinds, excludeIds, excludeHistories, null);
        }

        /** Candidates that meet a condition. */
        public static Filters where(ConditionBody condition) {
            return new Filters(null, null, null, condition);
        }
    }
}
