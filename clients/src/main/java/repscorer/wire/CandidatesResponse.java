package repscorer.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer of {@code POST /v1/candidates}.
 *
 * @param candidates best first, ties by ascending id
 * @param returned how many are answered
 * @param shortfall why fewer than k are answered
 * @param ranked over what these are the best
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CandidatesResponse(
        String surface,
        int k,
        int returned,
        @Nullable String shortfall,
        List<CandidateBody> candidates,
        @Nullable RankedBody ranked,
        ProvenanceBody provenance) {}
