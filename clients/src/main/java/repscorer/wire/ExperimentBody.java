package repscorer.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;

/**
 * An experiment.
 *
 * @param layer experiments of one layer share its units among them
 * @param bucketFrom the first of the layer's buckets that is the experiment's
 * @param bucketTo the first that is not any more
 * @param enabled whether it runs
 * @param variants its ways, the first of them being usual
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ExperimentBody(
        String experiment,
        String surface,
        String layer,
        int bucketFrom,
        int bucketTo,
        boolean enabled,
        List<VariantBody> variants) {

    /**
     * One way of an experiment.
     *
     * @param weight its share beside the other variants'
     * @param overrides what differs from the surface's plan, by dotted key
     */
    public record VariantBody(String variant, int weight, Map<String, String> overrides) {}
}
