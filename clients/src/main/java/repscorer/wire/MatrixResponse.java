package repscorer.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer of {@code POST /v1/scores/matrix}.
 *
 * @param higherIsCloser false where the score is a distance
 * @param range the interval of the scores
 * @param unit what the scores are measured in
 * @param sources one for each row, in the order asked for
 * @param candidates one for each column, in the order asked for
 * @param scores row by row; null where the source or the candidate is missing
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record MatrixResponse(
        boolean higherIsCloser,
        String range,
        String unit,
        List<SideBody> sources,
        List<SideBody> candidates,
        List<List<@Nullable Double>> scores,
        ProvenanceBody provenance) {

    /** An id, and the reason code where it has no scores. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record SideBody(String id, @Nullable String missing) {}
}
