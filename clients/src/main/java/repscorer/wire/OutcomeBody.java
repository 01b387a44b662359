package repscorer.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * A line of {@code POST /v1/outcomes}: what a person did with a candidate of an answer, or that it was shown to them.
 *
 * @param decision the answer's {@code provenance.decisionId}
 * @param candidate one that was answered
 * @param kind such as {@code follow}; {@code impression} for one that was seen
 * @param value what it counts for; 1 where absent
 * @param time when, in UTC; now where absent
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record OutcomeBody(
        String decision, String candidate, String kind, @Nullable Double value, @Nullable String time) {}
