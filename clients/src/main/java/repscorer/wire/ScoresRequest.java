package repscorer.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code POST /v1/scores}: by {@code surface}, or by {@code similarity} between two spaces.
 *
 * @param similarity such as {@code cosine} or {@code log-cosine}
 * @param sourceSpace with similarity: where the source is looked up
 * @param candidateSpace with similarity: where the candidates are looked up
 * @param translation with similarity between dense spaces: a relation vector to add to the source
 * @param context what is told of whom the request is for, by name, such as {@code country}; experiments may look at it
 * @param candidates scored in this order, duplicates kept
 * @param release with similarity: a kept release to read; a surface takes it among its overrides
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ScoresRequest(
        @Nullable String surface,
        @Nullable String similarity,
        @Nullable String sourceSpace,
        @Nullable String candidateSpace,
        @Nullable TranslationBody translation,
        @Nullable SourceBody source,
        @Nullable List<String> candidates,
        @Nullable Map<String, Object> overrides,
        @Nullable String unit,
        @Nullable Map<String, String> context,
        @Nullable Boolean explain,
        @Nullable String release) {}
