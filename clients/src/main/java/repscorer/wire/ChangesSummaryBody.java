package repscorer.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * The last line of an answer of {@code POST /v1/spaces/{space}/upserts}.
 *
 * @param release the release that was changed
 * @param lines how many lines were answered
 * @param accepted how many of them are durable and visible
 * @param duplicates how many were there before
 * @param refused how many broke a rule
 * @param stopped the code of what ended the stream early
 * @param reason the same in words
 * @param from the first line that was not answered
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ChangesSummaryBody(
        String release,
        long lines,
        long accepted,
        long duplicates,
        long refused,
        @Nullable String stopped,
        @Nullable String reason,
        @Nullable Long from) {}
