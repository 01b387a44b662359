package repscorer.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import repscorer.wire.ComparisonResponse.DistributionBody;

/**
 * What plans would have answered that run beside those that answer.
 *
 * @param since when the configuration in force began to answer, from when on all is counted
 * @param shadows by name
 */
public record ShadowsResponse(String since, List<ShadowBody> shadows) {

    /**
     * One such plan.
     *
     * @param shadow its name
     * @param share of the surface's requests that it is drawn for
     * @param compared requests that both plans answered
     * @param dropped requests that it was drawn for while no processor was idle
     * @param failed requests that it has no answer to
     * @param failure the last reason why not
     * @param overlap the share of the best k that both have, of the last thousand that were compared; absent before the first
     * @param rankBiasedOverlap of the best k, extrapolated, with p = 0.9, of the same
     * @param scoreShift by how much it scores candidates higher that both answer, on average over each answer
     * @param latencyRatio its time by that of the answer
     * @param worst the requests whose answers are least alike, the least first
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record ShadowBody(
            String shadow,
            String surface,
            double share,
            Map<String, String> overrides,
            long compared,
            long dropped,
            long failed,
            @Nullable String failure,
            @Nullable DistributionBody overlap,
            @Nullable DistributionBody rankBiasedOverlap,
            @Nullable DistributionBody scoreShift,
            @Nullable DistributionBody latencyRatio,
            List<ShadowWorstBody> worst) {}

    /**
     * One request and both answers.
     *
     * @param source what was sought for, in words
     * @param overlap the share of the best k that both answers have
     * @param rankBiasedOverlap of both answers
     * @param live the best ten that were answered
     * @param shadow the best ten of the plan beside
     */
    public record ShadowWorstBody(
            String decisionId,
            String source,
            double overlap,
            double rankBiasedOverlap,
            List<String> live,
            List<String> shadow) {}
}
