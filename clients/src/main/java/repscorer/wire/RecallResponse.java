package repscorer.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What share of the best candidates searches find.
 *
 * @param sampled searches that were answered again exactly
 * @param skipped those that were not, because others waited for it
 * @param spaces by space, filter and release, the release that was searched last at the end
 */
public record RecallResponse(long sampled, long skipped, List<RecallBody> spaces) {

    public RecallResponse {
        spaces = List.copyOf(spaces);
    }

    /**
     * What is known of one space.
     *
     * @param filter how much of the space a search was allowed to answer: 90-100%, 10-90%, 1-10% or 0-1%
     * @param samples the searches that this tells of
     * @param mean share of the best that a search found, of as many as it was asked for
     * @param lower the true mean lies from here on with 95 % probability, however often this is looked at
     * @param upper to here
     * @param alarm why this is too low; absent where it is not
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record RecallBody(
            String space,
            String release,
            String filter,
            long samples,
            double mean,
            double lower,
            double upper,
            @Nullable String alarm) {}
}
