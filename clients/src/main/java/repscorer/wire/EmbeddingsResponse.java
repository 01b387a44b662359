package repscorer.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/**
 * Embeddings of one space and one version, in the order asked for.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record EmbeddingsResponse(String space, String release, String version, List<EmbeddingBody> embeddings) {}
