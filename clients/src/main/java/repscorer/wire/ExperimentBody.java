package repscorer.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An experiment.
 *
 * @param layer experiments of one layer share its units among them
 * @param bucketing how units are dealt: ours, growthbook-1, growthbook-2, unleash, openfeature
 * @param bucketFrom the first of the layer's buckets that is the experiment's
 * @param bucketTo the first that is not any more
 * @param start before it nobody is in; for ever since where absent
 * @param end from it on nobody is in; never where absent
 * @param ramp the shares of its units that it has from some moments on; all of them where empty
 * @param sourceKinds what all of a request's sources are of; anything where empty
 * @param context by name, the values that a request's context may have; absent where it is not looked at
 * @param enabled whether it runs
 * @param variants its ways, the first of them being usual
 * @param guardRails by how much a variant may exceed its control before it is stopped, by what is watched; absent where nothing is
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ExperimentBody(
        String experiment,
        String surface,
        String layer,
        String bucketing,
        int bucketFrom,
        int bucketTo,
        @Nullable String start,
        @Nullable String end,
        List<StepBody> ramp,
        List<String> sourceKinds,
        @Nullable Map<String, List<String>> context,
        boolean enabled,
        List<VariantBody> variants,
        @Nullable Map<String, Double> guardRails) {

    /**
     * A share and the moment it begins.
     *
     * @param at from when on, such as {@code 2026-12-01T00:00:00Z}
     * @param share of the experiment's units, 0 to 1
     * @param weights of the variants for the units that come in by it; the variants' own where absent
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record StepBody(
            String at, double share, @Nullable Map<String, Integer> weights) {}

    /**
     * One way of an experiment.
     *
     * @param weight its share beside the other variants'
     * @param overrides what differs from the surface's plan, by dotted key
     * @param interleave the two variants that share its answers; absent for one with a plan of its own
     * @param stopped true where its units are answered by the surface's own plan; absent where they are not
     * @param stoppedBy a guard-rail or who else, and why
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record VariantBody(
            String variant,
            int weight,
            Map<String, String> overrides,
            @Nullable InterleaveBody interleave,
            @Nullable Boolean stopped,
            @Nullable String stoppedBy) {}

    /**
     * How two variants share an answer.
     *
     * @param method team-draft or optimised
     * @param of the two variants
     */
    public record InterleaveBody(String method, List<String> of) {}
}
