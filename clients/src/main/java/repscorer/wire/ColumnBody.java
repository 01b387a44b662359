package repscorer.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * What one column says of one candidate: a score with its parts, or the reason why there is none.
 *
 * @param weight in effect, after the weights of missing columns were shared out
 * @param contribution the contributions of all columns sum to the score
 * @param rank within the column, where the blend ranks
 * @param missing a reason code
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ColumnBody(
        String column,
        @Nullable Double raw,
        @Nullable Double normalized,
        @Nullable Double weight,
        @Nullable Double contribution,
        @Nullable Integer rank,
        @Nullable String missing) {}
