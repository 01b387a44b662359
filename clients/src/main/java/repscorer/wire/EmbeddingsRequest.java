package repscorer.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code POST /v1/embeddings/{space}}.
 *
 * @param release the live one where absent
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record EmbeddingsRequest(
        @Nullable List<String> ids, @Nullable String release) {}
