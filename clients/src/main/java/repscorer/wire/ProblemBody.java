package repscorer.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * A problem document (RFC 9457).
 *
 * @param type a path that names the rule, such as {@code /problems/dimension-differs}
 * @param field the place in the request
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ProblemBody(
        @Nullable String type,
        @Nullable String title,
        int status,
        @Nullable String detail,
        @Nullable String instance,
        @Nullable String code,
        @Nullable String field) {}
