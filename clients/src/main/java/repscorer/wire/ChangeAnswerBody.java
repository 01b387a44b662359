package repscorer.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a line of {@code POST /v1/spaces/{space}/upserts}.
 *
 * @param line the number of the line, from 1
 * @param status ACCEPTED where the change is durable and visible, DUPLICATE, or REFUSED
 * @param sequence where accepted: the change's place in the release
 * @param highest of a duplicate: the highest number accepted of its producer
 * @param code of a refusal: the rule
 * @param message of a refusal: the rule, the value and the place
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ChangeAnswerBody(
        long line,
        String status,
        @Nullable Long sequence,
        @Nullable Long highest,
        @Nullable String code,
        @Nullable String message) {}
