package repscorer.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The answer of {@code POST /v1/why-not}: the stage that lost the id and the value that would have kept it.
 *
 * @param stage kind, excluded, embedding, retrieval, blend, rule, chance, rank; answered where nothing lost it
 * @param by who lost it: source, filters.excludeIds, a history space, a column, a rule, explore or interleave
 * @param setting what decided, such as {@code columns.twhin.retrieve}
 * @param value of the setting in this request
 * @param needed the least value that takes it past this stage, all else equal: as an override, or as k
 * @param score its blended score, where it came so far
 * @param scoreNeeded the score at rank k
 * @param rank its rank, where it came so far
 * @param remedy the settings that together have it answered; absent where no such settings were found
 * @param searches what each column's search had to say
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record WhyNotResponse(
        String id,
        String stage,
        String message,
        @Nullable String by,
        @Nullable String setting,
        @Nullable String value,
        @Nullable String needed,
        @Nullable Double score,
        @Nullable Double scoreNeeded,
        @Nullable Integer rank,
        @Nullable Map<String, String> remedy,
        List<SearchBody> searches,
        ProvenanceBody provenance) {

    /**
     * One column's search.
     *
     * @param missing why the column cannot find it
     * @param score its score by the index's measure
     * @param cut the least score that was retrieved
     * @param rank how it stands among all that may be answered, by exact scores
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record SearchBody(
            String column,
            @Nullable String missing,
            @Nullable Double score,
            @Nullable Double cut,
            @Nullable Integer rank,
            int retrieved,
            boolean found) {}
}
