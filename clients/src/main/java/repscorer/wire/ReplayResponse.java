package repscorer.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer of {@code GET /v1/decisions/{decision}/replay}: a decision taken again.
 *
 * @param decided when it was taken first, in UTC
 * @param same whether the candidates and their scores are those of then; absent where the log keeps no candidates
 * @param mayDiffer why they may be others; empty where nothing is known to have changed
 * @param answer as it was then, but for {@code provenance.micros}
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ReplayResponse(
        String decided, @Nullable Boolean same, List<ReasonBody> mayDiffer, CandidatesResponse answer) {

    /**
     * One reason.
     *
     * @param code rows-changed, rows-streamed, signals-read, upstream-asked or time-limited
     * @param message the same in words
     */
    public record ReasonBody(String code, String message) {}
}
