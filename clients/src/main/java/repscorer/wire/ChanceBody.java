package repscorer.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The part that chance had in an answer.
 *
 * @param seed what it went by; the override {@code seed} with it draws the same again
 * @param exploration uniform or softmax; absent where nothing was explored
 * @param interleaved absent where one plan answered
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ChanceBody(
        String seed, @Nullable String exploration, @Nullable InterleavedBody interleaved) {

    /**
     * Two variants that share an answer.
     *
     * @param variant the one of the experiment that interleaves
     * @param method team-draft or optimised
     * @param teams the two variants
     */
    public record InterleavedBody(String experiment, String variant, String method, List<String> teams) {}
}
