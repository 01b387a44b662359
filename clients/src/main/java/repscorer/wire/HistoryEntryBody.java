package repscorer.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * One thing that was changed over the API or by a guard-rail, or was to be.
 *
 * @param at when
 * @param author the name of a key, admin token, guard-rail or canary
 * @param reason why, in words
 * @param subject what was changed: an experiment, a variant of one, a switch, a canary
 * @param name of the experiment, or of what is switched
 * @param part the variant, or the kind of what is switched; absent for an experiment as a whole
 * @param before a document, a share, or the word stopped; absent where there was nothing
 * @param after the same afterwards; absent where it was taken away
 * @param outcome whether it is so now, or was refused
 * @param refusal why nothing was changed
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record HistoryEntryBody(
        String at,
        String author,
        String reason,
        String subject,
        String name,
        @Nullable String part,
        @Nullable String before,
        @Nullable String after,
        String outcome,
        @Nullable String refusal) {}
