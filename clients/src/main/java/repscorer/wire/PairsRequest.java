package repscorer.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code POST /v1/scores/pairs}: pairs to score by one similarity between two spaces.
 *
 * @param pairs scored in this order, duplicates kept
 * @param release a kept release to read; absent for the live one
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PairsRequest(
        @Nullable String similarity,
        @Nullable String sourceSpace,
        @Nullable String candidateSpace,
        @Nullable TranslationBody translation,
        @Nullable List<PairBody> pairs,
        @Nullable String release) {

    /** A source and a candidate. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record PairBody(
            @Nullable String source, @Nullable String candidate) {}
}
