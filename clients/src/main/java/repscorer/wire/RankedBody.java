package repscorer.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * Over what candidates were ranked.
 *
 * @param plan {@code union} of what the columns retrieved, or {@code all} entities there are
 * @param optimal whether no entity at all could score higher than those answered
 * @param gap no entity that was not looked at scores more than the k-th candidate and this; absent where nothing is known
 * @param bounded how many entities bounds were taken of
 * @param exact how many of those were scored
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RankedBody(
        String plan, boolean optimal, @Nullable Double gap, long bounded, long exact) {}
