package repscorer.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer of {@code POST /v1/scores/pairs}: as many scores as pairs, in their order.
 *
 * @param higherIsCloser false where the score is a distance
 * @param range the interval of the scores
 * @param unit what the scores are measured in
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PairsResponse(
        boolean higherIsCloser, String range, String unit, List<PairScoreBody> scores, ProvenanceBody provenance) {

    /** A score, or the reason code why there is none. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record PairScoreBody(
            String source,
            String candidate,
            @Nullable Double score,
            @Nullable String missing) {}
}
