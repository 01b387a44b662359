package repscorer.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;

/**
 * An experiment.
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

    public record VariantBody(String variant, int weight, Map<String, String> overrides) {}
}
