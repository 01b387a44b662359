package repscorer.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code POST /v1/why-not}: a request for candidates and the id that its answer lacks.
 *
 * @param id the candidate that is missed, such as {@code user:31}
 * @param context what is told of whom the request is for, by name, such as {@code country}; experiments may look at it
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record WhyNotRequest(
        @Nullable String id,
        @Nullable String surface,
        @Nullable SourceBody source,
        @Nullable Integer k,
        CandidatesRequest.@Nullable Filters filters,
        @Nullable Map<String, Object> overrides,
        @Nullable String unit,
        @Nullable Map<String, String> context) {}
