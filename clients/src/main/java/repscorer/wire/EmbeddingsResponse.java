package repscorer.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Embeddings of one space and one version, in the order asked for.
 *
 * @param as whose coordinates the rows have, where others than the release's were asked for
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record EmbeddingsResponse(
        String space,
        String release,
        String version,
        List<EmbeddingBody> embeddings,
        @Nullable String as) {

    /** With the release's own coordinates. */
    public EmbeddingsResponse(String space, String release, String version, List<EmbeddingBody> embeddings) {
        this(space, release, version, embeddings, null);
    }
}
