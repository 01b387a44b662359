package repscorer.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code POST /v1/scores/matrix}: every source is scored with every candidate by one similarity between two
 * spaces.
 *
 * @param release a kept release to read; absent for the live one
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record MatrixRequest(
        @Nullable String similarity,
        @Nullable String sourceSpace,
        @Nullable String candidateSpace,
        @Nullable TranslationBody translation,
        @Nullable List<String> sources,
        @Nullable List<String> candidates,
        @Nullable String release) {}
