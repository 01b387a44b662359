package repscorer.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code POST /v1/features/engagement}.
 *
 * @param user whose signals are read, once
 * @param candidates in this order, duplicates kept
 * @param release a kept release to read; absent for the live one
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record EngagementRequest(
        @Nullable String user,
        @Nullable List<String> candidates,
        @Nullable String release) {}
