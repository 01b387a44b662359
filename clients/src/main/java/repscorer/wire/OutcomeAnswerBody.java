package repscorer.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a line of {@code POST /v1/outcomes}.
 *
 * @param line the number of the line, from 1
 * @param status ACCEPTED where the outcome is durable and counts, LATE where it is durable and does not, for it came about after the
 *     window of its decision, or REFUSED
 * @param code of a refusal: the rule
 * @param message of a refusal: the rule, the value and the place
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record OutcomeAnswerBody(
        long line, String status, @Nullable String code, @Nullable String message) {}
