package repscorer.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer of {@code POST /v1/scores}: as many scores as candidates, in their order.
 *
 * @param higherIsCloser false where the score is a distance
 * @param range the interval of the scores
 * @param unit what the scores are measured in
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ScoresResponse(
        boolean higherIsCloser, String range, String unit, List<ScoreBody> scores, ProvenanceBody provenance) {

    /** A score, or the reason code why there is none. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record ScoreBody(
            String id,
            @Nullable Double score,
            @Nullable String missing,
            @Nullable List<ColumnBody> columns,
            @Nullable List<SharedClusterBody> sharedClusters) {}
}
