package repscorer.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * The last line of an answer of {@code POST /v1/outcomes}.
 *
 * @param lines how many lines were answered
 * @param accepted how many of them are durable and count
 * @param late how many are durable and came about too late to count
 * @param refused how many broke a rule
 * @param stopped the code of what ended the stream early
 * @param reason the same in words
 * @param from the first line that was not answered
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record OutcomesSummaryBody(
        long lines,
        long accepted,
        long late,
        long refused,
        @Nullable String stopped,
        @Nullable String reason,
        @Nullable Long from) {}
